import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../deadline.js";

/** How long one hop may take before it counts as failed, in ms: several times what the slowest, sampling, needs. */
export const hopLimitMs = 30_000;

/**
 * Asks until something is found: the stores announce nothing. Every 100 ms at first, slowing down to twice a second.
 * When the limit (ms) is reached, `found` is undefined and `lastError` tells how the last try failed, if it did.
 * Rejects with the signal's reason when aborted.
 */
export async function poll<T>(
  probe: (signal: AbortSignal) => Promise<T | undefined>,
  { signal, limitMs }: { signal: AbortSignal; limitMs: number },
): Promise<{ found?: T; lastError?: unknown }> {
  const end = performance.now() + limitMs;
  for (let pause = 100; ; pause = Math.min(pause * 1.3, 500)) {
    let lastError: unknown;
    try {
      const found = await withDeadline(5_000, signal, probe);
      if (found !== undefined) return { found };
    } catch (error) {
      signal.throwIfAborted();
      lastError = error;
    }
    if (performance.now() + pause > end) return { lastError };
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
