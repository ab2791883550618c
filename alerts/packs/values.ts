/** A number as PromQL and the notation of series take it: six digits, so that 0.05 * 1.02 is 0.051. */
export function num(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Just above a threshold, and just below it: where a case shows that it is exactly this one. */
export const above = (threshold: number): string => num(threshold * 1.01);
export const below = (threshold: number): string => num(threshold * 0.99);
