import { closeSync, constants, fstatSync, openSync } from "node:fs";

/** Why an action was told to stop. */
export type InterruptReason = "SIGINT" | "SIGTERM" | "SIGHUP" | "EPIPE";

/** Exit codes by convention: 128 + number of the signal. */
export const interruptExitCodes: Record<InterruptReason, number> = {
  SIGHUP: 129,
  SIGINT: 130,
  EPIPE: 141,
  SIGTERM: 143,
};

const controller = new AbortController();
let installed = false;

/**
 * The signal that every action listens to: Ctrl-C, a polite kill, a closed terminal, or the end of the pipe that we
 * write into aborts it. A second Ctrl-C ends the process at once.
 */
export function interruptSignal(): AbortSignal {
  if (!installed) {
    installed = true;
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(interruptExitCodes[name]);
        controller.abort(name);
      });
    }
  }
  return controller.signal;
}

/** Why we were interrupted, or undefined when we weren't. */
export function interruptedBy(): InterruptReason | undefined {
  return controller.signal.aborted ? (controller.signal.reason as InterruptReason) : undefined;
}

/** Stops the action when whoever read our output (`head`, a pager) went away; further output goes nowhere. */
export function stopAtClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      stream.write = () => true;
      if (!controller.signal.aborted) controller.abort("EPIPE");
    });
  }
}

/** How often (milliseconds) to ask whether anybody still reads. */
const askEvery = 500;

/**
 * For output that may have nothing to say for long: stops the action as soon as the reader of our pipe is gone, not only at
 * the next line. Ends with the action.
 */
export function stopWhenReaderLeaves(): void {
  const signal = interruptSignal();
  const timer = setInterval(() => {
    if (hasReader(1)) return;
    clearInterval(timer);
    if (!signal.aborted) controller.abort("EPIPE");
  }, askEvery);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer));
}

/**
 * Whether somebody may read what a file descriptor is written to. Node tells of a pipe's end only when it is written to, so
 * Linux is asked: a pipe without a reader can't be opened for writing. Elsewhere the next line tells.
 */
function hasReader(descriptor: number): boolean {
  try {
    if (process.platform !== "linux" || !fstatSync(descriptor).isFIFO()) return true;
    closeSync(openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENXIO";
  }
}
