/** A piece of a pie. */
export interface Slice<T> {
  item: T;
  /** Of the whole: 0 to 1. */
  share: number;
  /** In turns from the top, clockwise. */
  from: number;
  to: number;
}

/**
 * Cuts a pie by values. What is not above zero, or no finite number, has no piece; a whole of nothing has none at all.
 */
export function pieSlices<T>(
  items: readonly T[],
  measure: (item: T) => number,
  sort: "asc" | "desc" | "none" | string = "desc",
): Slice<T>[] {
  const cut = items
    .map((item) => ({ item, value: measure(item) }))
    .filter(({ value }) => Number.isFinite(value) && value > 0);
  if (sort === "asc") cut.sort((a, b) => a.value - b.value);
  if (sort === "desc") cut.sort((a, b) => b.value - a.value);
  const whole = cut.reduce((sum, { value }) => sum + value, 0);
  let from = 0;
  return cut.map(({ item, value }) => {
    const share = value / whole;
    const slice = { item, share, from, to: from + share };
    from = slice.to;
    return slice;
  });
}
