import { divide, formatDecimal, parseDecimal, usdPlaces } from "../prices/decimal.js";

/** US dollars as whole 10^-18. */
export function amount(decimal: string): bigint {
  return parseDecimal(decimal, usdPlaces);
}

/** {@link amount} as decimal digits again. */
export function text(value: bigint): string {
  return formatDecimal(value, usdPlaces);
}

/** Per cent with one place; null where the whole is nothing. */
export function percent(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number(divide(part * 1000n, whole)) / 10;
}

/** Rounded to cents, half away from zero. */
export function cents(value: bigint): string {
  return formatDecimal(divide(value, 10n ** BigInt(usdPlaces - 2)), 2);
}

/** For sorting, the smaller one first. */
export function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
