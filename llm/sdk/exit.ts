/** What is to be done when the process ends. */
export interface Ending {
  flush(): Promise<unknown>;
  /** Sends what waits; false when not all of it could be sent. */
  end(): Promise<boolean>;
  /** Sends what waits before it returns. */
  endNow(): void;
}

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Sends what waits before the process ends, as it would have ended: with the same code, by the same signal. */
export function flushOnExit({ flush, end, endNow }: Ending): void {
  let ended = false;
  process.on("beforeExit", () => {
    if (ended) return;
    ended = true;
    // Nothing else is left to do: what still tries to reach a collector that is away must not keep the process.
    void end().then((allSent) => {
      if (!allSent) process.exit();
    });
  });
  process.on("exit", () => {
    if (!ended) endNow();
    ended = true;
  });
  for (const signal of signals) {
    const onSignal = async () => {
      // An application that handles the signal itself decides when it ends.
      if (process.listenerCount(signal) > 1) return void flush();
      ended = true;
      await end();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}
