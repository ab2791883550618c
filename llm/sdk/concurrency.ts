import { meters } from "./registered.js";

/** How many calls a provider takes at once. */
export interface ConcurrencyOptions {
  /** As in metrics: `openai`, `anthropic`. */
  provider: string;
  /** A whole number, at least 1. */
  atOnce: number;
}

/**
 * Makes a gate that lets at most so many through at once; the others wait for their turn, first come, first served, and
 * are counted meanwhile. `const gate = limitConcurrency({ provider: "openai", atOnce: 8 }); await gate(() => ask())`.
 * Throws RangeError for a number that makes no sense.
 */
export function limitConcurrency({
  provider,
  atOnce,
}: ConcurrencyOptions): <T>(fn: () => T | Promise<T>) => Promise<T> {
  if (!Number.isInteger(atOnce) || atOnce < 1)
    throw new RangeError(`atOnce must be a whole number from 1 on, not ${atOnce}`);
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (fn) => {
    if (running < atOnce) running++;
    else {
      const { waitingCalls } = meters();
      waitingCalls.add(1, { provider });
      // Whoever leaves hands its place on, so that nobody who comes in that moment gets ahead.
      await new Promise<void>((resolve) => waiting.push(resolve));
      waitingCalls.add(-1, { provider });
    }
    try {
      return await fn();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
