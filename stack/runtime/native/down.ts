import { rm } from "node:fs/promises";
import type { Project } from "../../project.js";
import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import { withProjectLock } from "../lock.js";
import { markedProcesses, signal } from "../process.js";
import type { RuntimeEvent } from "../runtime.js";
import { findSupervision } from "./client.js";
import { layoutOf } from "./layout.js";
import { type ProgramState, supervisorMark } from "./state.js";
import { stopTree } from "./stop.js";

/** What {@link nativeDown} is given: see Runtime.down. */
export interface DownOptions {
  volumes: boolean;
  signal: AbortSignal;
  onEvent: (event: RuntimeEvent) => void;
}

/**
 * Stops everything of the project, with the supervisor's help or without. Rejects with the signal's reason when aborted;
 * what has been told to stop by then stops nevertheless, and the next `down` does the rest.
 */
export async function nativeDown(
  project: Project,
  { volumes, signal: aborted, onEvent }: DownOptions,
): Promise<{ stopped: ServiceName[]; problems: Problem[] }> {
  const begun = performance.now();
  const layout = layoutOf(project);
  return withProjectLock(project, "down", async () => {
    aborted.throwIfAborted();
    const supervision = await findSupervision(layout);
    const programs = Object.values(supervision.state?.programs ?? {});
    const tell = (service: ServiceName, phase: RuntimeEvent["phase"]) =>
      onEvent({ service, phase, ms: Math.round(performance.now() - begun) });
    if (supervision.kind === "unreachable") signal(supervision.state.supervisor.pid, "SIGKILL");

    const stop = async (program: ProgramState): Promise<void> => {
      const { name, stopSeconds } = program.spec;
      tell(name, "stopping");
      if (supervision.client) await supervision.client.remove(name);
      else await stopTree({ leader: program.process, stateDir: layout.stateDir, service: name }, stopSeconds);
      tell(name, "stopped");
    };
    // The supervisor is told of the end at once: should we be interrupted, it still finishes, and leaves.
    await unlessAborted(Promise.all([...programs.map(stop), supervision.client?.shutdown()]), aborted);

    const stopped = programs.filter(wasThere).map(({ spec }) => spec.name);
    stopped.push(...(await stopStrays(layout.stateDir)));
    for (const file of [layout.stateFile, layout.supervisorLock]) await rm(file, { force: true });
    if (volumes) await rm(layout.dataDir, { recursive: true, force: true });
    return {
      stopped,
      problems: stopped.length > 0 ? [] : [nothingRan(volumes)],
    };
  });
}

/** A program in the state counts as stopped by us when it ran, or would have been started again. */
function wasThere({ phase, process }: ProgramState): boolean {
  return phase !== "running" || process !== undefined;
}

/** Processes of the stack that are in no state, and a supervisor whose state folder was removed under it. */
async function stopStrays(stateDir: string): Promise<ServiceName[]> {
  const strays = markedProcesses(stateDir).filter(({ pid }) => pid !== process.pid);
  for (const stray of strays) if (stray.service === supervisorMark) signal(stray.pid, "SIGKILL");
  const services = [...new Set(strays.map(({ service }) => service))].filter(
    (name) => name !== supervisorMark,
  );
  await Promise.all(services.map((service) => stopTree({ leader: undefined, stateDir, service }, 10)));
  return services as ServiceName[];
}

function nothingRan(volumes: boolean): Problem {
  return {
    id: "nothing-running",
    severity: "notice",
    what: `Nothing of this stack was running${volumes ? "; its stored data is removed" : ""}.`,
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
