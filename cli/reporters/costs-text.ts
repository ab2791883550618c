/**
 * US dollars for people: cents from a cent on, else two digits that count. Rounded half away from zero; the text is decimal
 * digits, and so exact however large.
 */
export function usdText(decimal: string, { sign = false }: { sign?: boolean } = {}): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".");
  const zeros = /^0*/.exec(fraction)![0].length;
  const places = whole !== "0" || zeros < 2 ? 2 : zeros + 2;
  const rounded = round(whole, fraction, places);
  if (/^[0.]*$/.test(rounded)) return "$0";
  const [left = "", right = ""] = rounded.split(".");
  const cut = places > 2 ? right.replace(/0+$/, "") : right;
  const grouped = left.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "-" : sign ? "+" : ""}$${grouped}.${cut}`;
}

function round(whole: string, fraction: string, places: number): string {
  const kept = fraction.slice(0, places).padEnd(places, "0");
  const up = (fraction[places] ?? "0") >= "5" ? 1n : 0n;
  const digits = String(BigInt(whole + kept) + up).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `12.3 %`, `+12.3 %` where it is a change; nothing where there is none. */
export function percentText(value: number | null, { sign = false }: { sign?: boolean } = {}): string {
  if (value === null) return "";
  const text = Math.abs(value) >= 1000 ? countText(Math.round(value)) : value.toFixed(1);
  return `${sign && value > 0 ? "+" : ""}${text} %`;
}

/** `1,234,567` */
export function countText(value: number): string {
  return value.toLocaleString("en-US");
}
