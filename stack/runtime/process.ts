import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * A process that can't be mistaken for a later one: process ids are used again, together with the time at which the
 * process started they are not.
 */
export interface ProcessId {
  pid: number;
  /** Opaque; equal only for the same process. */
  startTime: string;
}

/** Names of environment variables by which everything that obs started can be found again, grandchildren included. */
export const markers = { stack: "OBS_STATE_DIR", service: "OBS_SERVICE" } as const;

const linux = process.platform === "linux";

/** When a process started, or undefined when there is no such process (a zombie counts as gone). Linux: one small read. */
export function startTimeOf(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (linux) {
    const stat = readStat(pid);
    // Ticks since boot repeat after the next boot, so the boot is named as well.
    return stat && stat.state !== "Z" && stat.state !== "X" ? `${bootId()}:${stat.startTicks}` : undefined;
  }
  const line = ps(["-o", "stat=,lstart=", "-p", String(pid)])[0];
  const [state = "Z", ...started] = line?.split(/\s+/) ?? [];
  return state.startsWith("Z") ? undefined : started.join(" ");
}

/** The process with this id as it is now, or undefined when there is none. */
export function identify(pid: number): ProcessId | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether exactly this process is still running. */
export function isRunning(id: ProcessId): boolean {
  return startTimeOf(id.pid) === id.startTime;
}

/** Living processes of a process group. */
export function groupMembers(group: number): number[] {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // Cheap way out of reading the whole process table: nobody is there, not even a zombie.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return [];
  }
  if (linux)
    return allPids().filter((pid) => {
      const stat = readStat(pid);
      return stat?.group === group && stat.state !== "Z" && stat.state !== "X";
    });
  return ps(["-axo", "pid=,pgid=,stat="])
    .map((line) => line.split(/\s+/))
    .filter(([, pgid, state]) => Number(pgid) === group && !state?.startsWith("Z"))
    .map(([pid]) => Number(pid));
}

/** Processes started for a stack, by the mark in their environment; also those that left their process group. Linux only: elsewhere none. */
export function markedProcesses(stateDir: string): (ProcessId & { service: string })[] {
  if (!linux) return [];
  return allPids().flatMap((pid) => {
    const mark = markOf(pid);
    if (mark?.stateDir !== stateDir) return [];
    const id = identify(pid);
    return id ? [{ ...id, service: mark.service }] : [];
  });
}

/** Which stack and service a process was started for, if any (and if it may be known: Linux, same user). */
export function markOf(pid: number): { stateDir: string; service: string } | undefined {
  const environment = linux ? read(`/proc/${pid}/environ`) : undefined;
  if (!environment?.includes(`${markers.stack}=`)) return undefined;
  const value = (name: string) =>
    environment
      .split("\0")
      .find((entry) => entry.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const stateDir = value(markers.stack);
  return stateDir === undefined ? undefined : { stateDir, service: value(markers.service) ?? "" };
}

/** Sends a signal, and doesn't mind when nobody is there. A negative id means a process group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readStat(pid: number): { state: string; group: number; startTicks: string } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may itself hold spaces and parentheses: the fields follow the last one. See proc(5).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "Z", group: Number(fields[2]), startTicks: fields[19] ?? "" };
}

let boot: string | undefined;
function bootId(): string {
  boot ??= (read("/proc/sys/kernel/random/boot_id") ?? "").slice(0, 8);
  return boot;
}

function ps(args: string[]): string[] {
  try {
    // The time is printed by locale and zone: fixed, so that it compares equal whoever asks.
    const text = execFileSync("ps", args, {
      encoding: "utf8",
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
