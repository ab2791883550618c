import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How often, in milliseconds, a holder shows that it is alive, and after what silence it counts as gone. */
const heartbeat = 2_000;
const goneAfter = 15_000;
const lookAgain = 250;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once, when somebody else holds the lock. */
  onWait?: () => void;
  /** Looked at while waiting; the wait is over as soon as it is true, because there is nothing left to do. */
  isDone: () => boolean;
}

/**
 * Keeps two installations from building the same program at once: runs `work` while holding the lock file, or returns
 * undefined when `isDone` became true in the meantime. Rejects with the signal's reason when aborted while waiting.
 *
 * A holder that was killed is noticed by its process id or its silence. In the rare case that two waiters take such a lock
 * over in the same instant, both build; the binaries are the same and are put in place in one step, so nothing breaks.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions,
): Promise<T | undefined> {
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; !(await take(file)); waited = true) {
    if (!waited) options.onWait?.();
    if (await isAbandoned(file)) {
      await rm(file, { force: true });
      continue;
    }
    await sleep(lookAgain, undefined, { signal: options.signal });
    if (options.isDone()) return undefined;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, heartbeat);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, content] = await Promise.all([stat(file), readFile(file, "utf8")]);
    if (Date.now() - mtimeMs > goneAfter) return true;
    const pid = Number.parseInt(content, 10);
    // Between creation and the first write the file is empty; its holder is at it.
    return Number.isInteger(pid) && !isAlive(pid);
  } catch {
    // Released in this moment: the next attempt to take it tells.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
