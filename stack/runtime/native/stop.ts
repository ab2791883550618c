import { setTimeout as delay } from "node:timers/promises";
import {
  groupMembers,
  identify,
  isRunning,
  markedProcesses,
  type ProcessId,
  signal,
  startTimeOf,
} from "../process.js";

/** A program and everything it started. */
export interface Tree {
  /** Leader of the process group, while it is known. */
  leader: ProcessId | undefined;
  /** State folder and service whose mark its processes carry. */
  stateDir: string;
  service: string;
}

/**
 * Ends a program and all it started: SIGTERM to its process group and to whatever of it left the group; after
 * `graceSeconds` SIGKILL. Resolves when none of them is left; says whether it had to kill.
 */
export async function stopTree(tree: Tree, graceSeconds: number): Promise<{ killed: boolean }> {
  let targets = livingOf(tree);
  let killed = false;
  const send = (name: NodeJS.Signals) => {
    for (const { pid } of targets) signal(pid, name);
  };
  send("SIGTERM");
  const deadline = performance.now() + graceSeconds * 1000;
  // That all of them have ended is no event anywhere; the pauses grow from 10 to 100 ms.
  for (let pause = 10; targets.length > 0; pause = Math.min(pause * 1.5, 100)) {
    await delay(pause);
    targets = targets.filter(isRunning);
    if (targets.length === 0) {
      // Whatever was started while the others were ending.
      targets = livingOf(tree);
      send(killed ? "SIGKILL" : "SIGTERM");
    } else if (!killed && performance.now() > deadline) {
      killed = true;
      targets = livingOf(tree);
      send("SIGKILL");
    }
  }
  return { killed };
}

/** Kills at once what a program that ended by itself has left behind, so that the next start finds its ports and files free. */
export function killRemains(tree: Tree): void {
  for (const { pid } of livingOf(tree)) signal(pid, "SIGKILL");
}

function livingOf({ leader, stateDir, service }: Tree): ProcessId[] {
  const found = new Map<number, ProcessId>();
  for (const marked of markedProcesses(stateDir))
    if (marked.service === service) found.set(marked.pid, marked);
  // The group keeps the leader's number even after the leader's end, and no other process can get it while the group
  // has members. A process of this number that started at another time: the group is gone, the number used again.
  const now = leader && startTimeOf(leader.pid);
  if (leader && (now === undefined || now === leader.startTime))
    for (const pid of groupMembers(leader.pid)) {
      const id = identify(pid);
      if (id) found.set(pid, id);
    }
  return [...found.values()];
}
