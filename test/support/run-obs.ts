import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";

/** What a run of the command line came to. */
export interface ObsRun {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Both, in the order of writing. */
  all: string;
}

/** How to run it. */
export interface ObsRunOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Default 5 minutes: the first `up` may have to build programs. */
  timeoutMs?: number;
  /** Aborting it sends SIGINT, as Ctrl-C does. */
  signal?: AbortSignal;
}

/** The wrapper that a user of a clone calls; it builds the command line when that is needed. */
export const obsCommand = join(packageRoot, "obs");

/** Runs `obs` as a child process, without colour, and never throws for its exit code. */
export async function runObs(args: string[], options: ObsRunOptions): Promise<ObsRun> {
  const child = execa(obsCommand, args, {
    cwd: options.cwd,
    env: { NO_COLOR: "1", CI: "1", ...options.env },
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: options.timeoutMs ?? 300_000,
    killSignal: "SIGINT",
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  const result = await child;
  return {
    exitCode: result.exitCode ?? -1,
    stdout: result.stdout,
    stderr: result.stderr,
    all: result.timedOut ? `${result.all}\n(killed after ${options.timeoutMs ?? 300_000} ms)` : result.all,
  };
}

/** The JSON that a `--json` command printed; throws with everything it wrote when it isn't JSON. */
export function parsedOutput<T>(run: ObsRun): T {
  try {
    return JSON.parse(run.stdout) as T;
  } catch {
    throw new Error(`expected JSON (exit code ${run.exitCode}), got:\n${run.all}`);
  }
}
