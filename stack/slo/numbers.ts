/** A number without what binary fractions add to it: `1 - 0.999` is 0.001. */
export function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** The same for people and PromQL: as short as it can be, never in exponents. */
export function plainNumber(value: number): string {
  const text = String(exact(value));
  return text.includes("e")
    ? exact(value)
        .toFixed(20)
        .replace(/\.?0+$/, "")
    : text;
}
