import { randomBytes } from "node:crypto";
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Project } from "../project.js";
import { ProblemError } from "../validate/problem.js";
import { identify, isRunning, type ProcessId } from "./process.js";

/** Who holds a lock, and for what. */
export interface LockHolder extends ProcessId {
  /** The command, e.g. `up`. */
  what: string;
  /** When it took the lock, in ISO 8601. */
  since: string;
}

/**
 * Does `work` while no other `obs` changes this project's stack. The lock is let go in every case, also when `work` is aborted; the
 * lock of a process that is gone is taken over.
 * Throws a ProblemError (`busy`) at once when another process holds it: two that wait for each other help nobody.
 */
export async function withProjectLock<T>(project: Project, what: string, work: () => Promise<T>): Promise<T> {
  const file = join(project.stateDir, "run", "lock");
  mkdirSync(project.stateDir, { recursive: true, mode: 0o700 });
  // It may be older, or made by something that knew no better.
  chmodSync(project.stateDir, 0o700);
  const holder = takeLock(file, what);
  if (holder)
    throw new ProblemError([
      {
        id: "busy",
        severity: "error",
        what: `Another \`obs ${holder.what}\` is at work on this stack (process ${holder.pid}, since ${holder.since}).`,
        next: "Wait until it is done, or end it with Ctrl-C, then run this again.",
      },
    ]);
  try {
    return await work();
  } finally {
    releaseLock(file);
  }
}

/** Takes a lock for this process. Returns undefined when it is taken, else who has it. */
export function takeLock(file: string, what: string): LockHolder | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mine: LockHolder = { ...identify(process.pid)!, what, since: new Date().toISOString() };
  const own = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  // Written aside, then linked: whoever sees the lock sees all of it, and only one link can succeed.
  writeFileSync(own, `${JSON.stringify(mine)}\n`, { flag: "wx", mode: 0o600 });
  try {
    for (;;) {
      if (putInPlace(own, file)) return undefined;
      const seen = readText(file);
      if (seen === undefined) continue;
      const holder = parseHolder(seen);
      if (holder && isRunning(holder)) return holder;
      removeStale(file, seen);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function putInPlace(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // Some shared and removable file systems know no hard links.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
  }
  try {
    copyFileSync(own, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Lets a lock of this process go. */
export function releaseLock(file: string): void {
  const holder = parseHolder(readText(file) ?? "");
  if (holder?.pid === process.pid) rmSync(file, { force: true });
}

/** Reads what a lock file says; undefined when it isn't one (then nobody holds it). */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder>;
    return typeof value.pid === "number" && typeof value.startTime === "string"
      ? { pid: value.pid, startTime: value.startTime, what: String(value.what), since: String(value.since) }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes a lock whose holder is gone. Two processes may find it at once: each moves away what lies there, looks whether
 * that is what it had judged, and puts a fresh lock of the other back.
 */
function removeStale(file: string, judged: string): void {
  const aside = `${file}.stale.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  try {
    if (readText(aside) !== judged) linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
