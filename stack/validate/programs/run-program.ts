import { spawn } from "node:child_process";
import { readFileSync, watch } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { withDeadline } from "../../deadline.js";
import type { ProgramResult } from "./program-check.js";

/** A checker that takes longer than this (milliseconds) is stuck: each needs about 100. */
const timeoutMs = 20_000;

/**
 * Runs a checker to its end. Both output streams go to one file: through two pipes their order would be lost, and
 * some say on one what file the other one talks about. (execa has no such redirection, hence `spawn`.)
 * Resolves to a reason when it could not be run, or didn't end in time. Rejects when aborted, the process gone.
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: { outputFile: string; env: NodeJS.ProcessEnv; signal?: AbortSignal; startedWhen?: RegExp },
): Promise<ProgramResult | { unable: string }> {
  const file = await open(options.outputFile, "w");
  let started = false;
  let late = false;
  try {
    type End = { code: number | null; signal: string | null } | { error: Error };
    // Not spawn's own timeout: its timer goes on when the program could not even be started.
    const ended = await withDeadline(timeoutMs, options.signal, async (within): Promise<End> => {
      const end = await new Promise<End>((resolve) => {
        const child = spawn(path, args, {
          env: options.env,
          stdio: ["ignore", file.fd, file.fd],
          killSignal: "SIGKILL",
          signal: within,
        });
        const watcher =
          options.startedWhen &&
          watch(options.outputFile, () => {
            if (started || !options.startedWhen!.test(readFileSync(options.outputFile, "utf8"))) return;
            started = true;
            child.kill("SIGTERM");
          });
        let error: Error | undefined;
        child.on("error", (cause) => {
          error = cause;
          // Without a process there will be no exit.
          if (child.pid !== undefined) return;
          watcher?.close();
          resolve({ error: cause });
        });
        child.on("exit", (code, signal) => {
          watcher?.close();
          resolve(error ? { error } : { code, signal });
        });
      });
      late = within.aborted;
      return end;
    });
    options.signal?.throwIfAborted();
    if (late) return { unable: `it did not end within ${timeoutMs / 1000} s` };
    if (started) return { lines: [], failed: false };
    if ("error" in ended) return { unable: `it could not be started: ${ended.error.message}` };
    if (ended.signal !== null) return { unable: `it was ended by ${ended.signal}` };
    const text = await readFile(options.outputFile, "utf8");
    return { lines: text.split("\n"), failed: ended.code !== 0 };
  } finally {
    await file.close();
  }
}
