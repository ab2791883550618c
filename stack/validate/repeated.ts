/** Values that occur more than once, each with the indices at which it does. */
export function repeated(values: readonly string[]): { value: string; at: number[] }[] {
  const places = new Map<string, number[]>();
  for (const [at, value] of values.entries()) places.set(value, [...(places.get(value) ?? []), at]);
  return [...places].filter(([, at]) => at.length > 1).map(([value, at]) => ({ value, at }));
}
