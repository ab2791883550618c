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
