import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process of this machine that is still running (not a zombie). */
export interface RunningProcess {
  pid: number;
  command: string;
}

/**
 * Processes that belong to a folder: they name it in their command line or run in it. That is how the programs of a
 * test's stack, and whoever supervises them, are told from everything else on the machine.
 */
export function processesOf(folder: string): RunningProcess[] {
  return allProcesses().filter(
    ({ pid, command }) => command.includes(folder) || (workingFolder(pid) ?? "").startsWith(folder),
  );
}

/** Whether a process with this id is running (a zombie isn't). */
export function isRunning(pid: number): boolean {
  return stateOf(pid) !== undefined && stateOf(pid) !== "Z";
}

function allProcesses(): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isRunning(pid))
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim();
      return command ? [{ pid, command }] : [];
    });
}

function stateOf(pid: number): string | undefined {
  // The name in parentheses may itself hold spaces and parentheses: the state follows the last one.
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[0];
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
