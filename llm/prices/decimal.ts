/**
 * Money without floats: whole numbers of the smallest part that is kept.
 *
 * A price has at most 8 places (US dollars per million tokens; the published ones need 6), a discount 4, the share of a
 * batch 1, and a token is a millionth: 18 places hold every cost of a published or an own price without rounding.
 */
export const usdPlaces = 18;

/** Places of a price, in US dollars per million tokens. */
export const pricePlaces = 8;

/**
 * The decimal number of a text (`12`, `0.075`, `-3.5`, `1e-7`) as a whole number of its `places`-th place. What lies
 * beyond is rounded half away from zero. Throws a RangeError where the text is no such number.
 */
export function parseDecimal(text: string, places: number): bigint {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text.trim());
  if (!match) throw new RangeError(`not a decimal number: ${text}`);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(whole + fraction);
  const shift = places - fraction.length + Number(exponent);
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : divide(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -value : value;
}

/**
 * A number that somebody wrote as a decimal, as that decimal again. 15 digits survive the way through a binary number
 * (IEEE 754, DBL_DIG); what stands behind them, as in 0.18000000000000002, nobody wrote.
 */
export function writtenDecimal(value: number): string {
  return String(Number(value.toPrecision(15)));
}

/** A whole number of 10^-places as decimal digits, without needless zeros and never with an exponent. */
export function formatDecimal(value: bigint, places: number): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The quotient, rounded half away from zero. */
export function divide(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [over, under] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (over * 2n + under) / (under * 2n);
  return negative ? -quotient : quotient;
}
