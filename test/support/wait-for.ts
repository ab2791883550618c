import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until `probe` returns something other than undefined, null or false, and returns that.
 * An error thrown by the probe counts as "not yet"; the last one is named when the time is up.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== null && found !== false)
        return found as NonNullable<Exclude<T, false>>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(
        `waited ${timeoutMs} ms in vain: ${what}`,
        last === undefined ? undefined : { cause: last },
      );
    await delay(everyMs);
  }
}
