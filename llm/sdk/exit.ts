import type { Telemetry } from "./init.js";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Sends what waits before the process ends, as it would have ended: with the same code, by the same signal. */
export function flushOnExit(telemetry: Telemetry): void {
  // Nothing is left to do: the loop is kept alive by the flush, once.
  let flushed = false;
  process.on("beforeExit", () => {
    if (flushed) return;
    flushed = true;
    void telemetry.shutdown();
  });
  for (const signal of signals) {
    const onSignal = () => {
      // An application that handles the signal itself decides when it ends.
      const alone = process.listenerCount(signal) === 1;
      void telemetry.flush().then(async () => {
        if (!alone) return;
        await telemetry.shutdown();
        process.off(signal, onSignal);
        process.kill(process.pid, signal);
      });
    };
    process.on(signal, onSignal);
  }
}
