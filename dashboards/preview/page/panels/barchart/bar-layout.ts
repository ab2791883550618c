/** How bars that stand at the same place share it. */
export type Stacking = "none" | "normal" | "percent";

/** A bar, along the axis of values and across it: both as shares of the drawing, 0 to 1. */
export interface Bar {
  series: number;
  category: number;
  /** Across: from the first category to the last. */
  start: number;
  size: number;
  /** Along: values, in the unit of the axis. */
  from: number;
  to: number;
  value: number;
}

export interface BarLayout {
  bars: Bar[];
  min: number;
  max: number;
}

/**
 * Places bars: `values[series][category]`. A value that is missing or no finite number has no bar. The axis always holds
 * zero, so that lengths can be compared.
 * @param groupWidth share of a category's room that its bars take together
 * @param barWidth share of its room that a bar takes
 */
export function barLayout(
  values: readonly (readonly (number | null | undefined)[])[],
  stacking: Stacking,
  { groupWidth, barWidth }: { groupWidth: number; barWidth: number },
): BarLayout {
  const categories = Math.max(0, ...values.map(({ length }) => length));
  const lanes = stacking === "none" ? values.length : 1;
  const lane = groupWidth / categories / Math.max(1, lanes);
  const bars: Bar[] = [];
  for (let category = 0; category < categories; category += 1) {
    const whole = values.reduce((sum, series) => sum + Math.abs(finite(series[category]) ?? 0), 0);
    let above = 0;
    let below = 0;
    values.forEach((series, index) => {
      const value = finite(series[category]);
      if (value === undefined) return;
      const length = stacking === "percent" ? (whole === 0 ? 0 : value / whole) : value;
      const from = stacking === "none" ? 0 : length < 0 ? below : above;
      if (length < 0) below += length;
      else above += length;
      const left = (category + (1 - groupWidth) / 2) / categories + (stacking === "none" ? index : 0) * lane;
      bars.push({
        series: index,
        category,
        start: left + (lane * (1 - barWidth)) / 2,
        size: lane * barWidth,
        from,
        to: from + length,
        value,
      });
    });
  }
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const min = Math.min(0, ...ends);
  const max = Math.max(0, ...ends);
  return { bars, min, max: max === min ? min + 1 : max };
}

/** The same bounds, moved outwards to the next mark of an axis with about as many as wanted. */
export function rounded(min: number, max: number, wanted: number): { min: number; max: number } {
  const [first = min, second = max] = ticks(min, max, wanted);
  const step = second - first;
  return step > 0
    ? { min: Math.floor(min / step + 1e-9) * step, max: Math.ceil(max / step - 1e-9) * step }
    : { min, max };
}

/** Round values between two bounds, about as many as wanted, for the marks of an axis. */
export function ticks(min: number, max: number, wanted: number): number[] {
  const rough = (max - min) / Math.max(1, wanted);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

const finite = (value: number | null | undefined) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
