/** Numbers from 0 to 1 that follow from their seed: mulberry32. */
export type Random = () => number;

/** A generator whose seed is a number and whatever else tells two uses apart. */
export function seeded(seed: number, ...parts: (string | number)[]): Random {
  let state = seed >>> 0;
  for (const part of parts) state = hash(String(part), state);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, begun from a seed. */
function hash(text: string, seed: number): number {
  let value = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}

/** Positive, with this median; a few are several times larger, as latencies and lengths of answers are. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

/** An id as providers make them. */
export function idFrom(random: Random, prefix: string, length = 24): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return prefix + Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
}
