/** A stretch of time in a row: milliseconds since 1970. */
export interface Cell<T> {
  from: number;
  to: number;
  value: T;
}

/**
 * What held when, of values at some times: each until the next, the last one for as long as the one before (`step` where
 * there is none). Values that are missing leave gaps.
 * @param alike with it, neighbours that are alike are one
 */
export function stretches<T>(
  times: readonly number[],
  values: readonly (T | null | undefined)[],
  step: number,
  alike: (one: T, other: T) => boolean = () => false,
): Cell<T>[] {
  const cells: Cell<T>[] = [];
  times.forEach((from, index) => {
    const value = values[index];
    if (value === null || value === undefined) return;
    const usual = index > 0 ? from - times[index - 1]! : step;
    const to = times[index + 1] ?? from + usual;
    const before = cells.at(-1);
    if (before !== undefined && before.to === from && alike(before.value, value)) before.to = to;
    else cells.push({ from, to, value });
  });
  return cells;
}

/** Sums neighbouring columns so that there are no more than wanted; `rows[row][column]`. */
export function condensed(
  times: readonly number[],
  rows: readonly (readonly (number | null)[])[],
  most: number,
): { times: number[]; rows: number[][] } {
  const every = Math.max(1, Math.ceil(times.length / Math.max(1, most)));
  const columns = Array.from({ length: Math.ceil(times.length / every) }, (_, column) => column * every);
  return {
    times: columns.map((column) => times[column]!),
    rows: rows.map((row) =>
      columns.map((column) =>
        row
          .slice(column, column + every)
          .reduce<number>((sum, value) => sum + (Number.isFinite(value) ? value! : 0), 0),
      ),
    ),
  };
}

const seconds = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Round times between two (milliseconds since 1970, in UTC), about as many as wanted. */
export function timeTicks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / 1000 / Math.max(1, wanted);
  const day = 86_400;
  const step = (seconds.find((each) => each >= rough) ?? Math.ceil(rough / day) * day) * 1000;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}
