/** From this many crashes in a row on, a program is called crash-looping: `up` waits for it no longer. */
export const crashLoopAfter = 3;

/** A program that was up for this long (milliseconds) is given a fresh start: its crashes before count no more. */
export const steadyAfter = 60_000;

const first = 250;
const longest = 60_000;

/**
 * Milliseconds to wait before a program is started again after its n-th crash in a row: 250 ms, doubling up to a minute.
 * The first three come within a second, so that `up` can tell soon; after that a broken program costs next to nothing.
 */
export function backOff(crashes: number): number {
  return Math.min(first * 2 ** Math.max(0, crashes - 1), longest);
}

/** Crashes in a row after one more, given how long (milliseconds) the process had been up. */
export function countCrash(crashesBefore: number, upMs: number): number {
  return upMs >= steadyAfter ? 1 : crashesBefore + 1;
}
