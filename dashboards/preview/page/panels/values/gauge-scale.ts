import type { Threshold } from "@grafana/data";

/** A gauge is open at the bottom: it runs from this turn (0 is the top, clockwise)… */
export const gaugeStart = -1 / 3;
/** …to this one. */
export const gaugeEnd = 1 / 3;

/** Where a value stands on a gauge, in turns; beyond its bounds at their end. */
export function gaugeTurn(value: number, min: number, max: number): number {
  const share = max > min ? (value - min) / (max - min) : value >= max ? 1 : 0;
  const within = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  return gaugeStart + within * (gaugeEnd - gaugeStart);
}

/** The stretches of a gauge that each threshold colours, in turns; thresholds that start at or behind the end have none. */
export function gaugeBands(
  steps: readonly Threshold[],
  mode: string,
  min: number,
  max: number,
): { from: number; to: number; color: string }[] {
  const absolute = (value: number) => (mode === "percentage" ? min + (value / 100) * (max - min) : value);
  const sorted = steps.map(({ value, color }) => ({ from: absolute(value ?? -Infinity), color }));
  sorted.sort((a, b) => a.from - b.from);
  return sorted
    .map(({ from, color }, index) => ({
      from: gaugeTurn(from, min, max),
      to: gaugeTurn(sorted[index + 1]?.from ?? max, min, max),
      color,
    }))
    .filter(({ from, to }) => to > from);
}
