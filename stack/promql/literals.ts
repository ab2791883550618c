/** As nearly everyone writes them. */
const ordinaryNumber = /^(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/;
const ordinaryDuration = /^\d{1,6}(?:ms|[smhdwy])$/;

/**
 * The value of a number as written, or why it isn't one. Go's rules: `0x1F`, `017` (octal), `1_000`, `1e3`, `.5`, `Inf`,
 * `NaN`; a number too large for a float is an error, not infinity.
 */
export function parseNumber(word: string): number | string {
  if (ordinaryNumber.test(word)) return Number(word);
  const lower = word.toLowerCase();
  if (lower === "inf") return Number.POSITIVE_INFINITY;
  if (lower === "nan") return Number.NaN;
  // An underscore stands between two digits, or between a base's prefix and a digit.
  const between = lower.startsWith("0x") ? /(?<![\da-fx])_|_(?![\da-f])/ : /(?<!\d)_|_(?!\d)/;
  if (between.test(lower)) return "has an underscore that isn't between two digits";
  const plain = lower.replaceAll("_", "");
  if (plain.startsWith("0x")) {
    const digits = plain.slice(2);
    if (!/^[0-9a-f]+$/.test(digits)) return "is not a hexadecimal number";
    return BigInt(plain) > maxInt64 ? "is too large for a hexadecimal number" : Number(plain);
  }
  if (/^0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  const value = Number(plain);
  if (Number.isNaN(value)) return "is not a number";
  return Number.isFinite(value) ? value : "is too large for a number";
}

const maxInt64 = 2n ** 63n - 1n;

/** Units from large to small, in milliseconds. */
const units: readonly [string, bigint][] = [
  ["y", 31_536_000_000n],
  ["w", 604_800_000n],
  ["d", 86_400_000n],
  ["h", 3_600_000n],
  ["m", 60_000n],
  ["s", 1000n],
  ["ms", 1n],
];

const unitMs: Readonly<Record<string, number>> = Object.fromEntries(
  units.map(([name, ms]) => [name, Number(ms)]),
);
/** A century: far below the longest. */
const longestOrdinary = 100 * 365 * 86_400_000;

/** Milliseconds of a duration token (`1h30m`), or why it isn't one. */
export function parseDurationToken(word: string): number | string {
  if (ordinaryDuration.test(word)) {
    const unit = word.endsWith("ms") ? "ms" : word.at(-1)!;
    const ms = Number.parseInt(word, 10) * unitMs[unit]!;
    if (ms < longestOrdinary) return ms;
  }
  let total = 0n;
  let last = -1;
  for (const [, digits, unit] of word.matchAll(/([0-9]*)([^0-9]*)/g)) {
    if (digits === "" && unit === "") continue;
    const index = units.findIndex(([name]) => name === unit);
    if (digits === "") return "is not a duration";
    if (index < 0)
      return `has no unit that durations know${unit ? ` (\`${unit}\`)` : ""}: ms, s, m, h, d, w, y`;
    if (index <= last) return "must name its units once each, from large to small, as in `1h30m`";
    last = index;
    total += BigInt(digits!) * units[index]![1];
  }
  return total * 1_000_000n > maxInt64 ? "is longer than the 292 years a duration can last" : Number(total);
}

/** A text as written in a query, taken apart. */
export interface Unquoted {
  value: string;
  /** Escapes such as \xff made bytes that aren't UTF-8. */
  invalidUtf8: boolean;
  /** Offset in the written text (quotes included) of every UTF-16 unit of the value, and of its end. */
  offsetOf(index: number): number;
}

const simple: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The value of a text token, whose escapes the lexer has already found to be sound. */
export function unquote(word: string): Unquoted {
  const body = word.slice(1, -1);
  if (word[0] === "`" || !body.includes("\\"))
    return { value: body, invalidUtf8: false, offsetOf: (index) => index + 1 };
  // Escapes name bytes (\xe2\x82\xac is one character), so the value is put together of bytes.
  const bytes: number[] = [];
  const places: number[] = [];
  const push = (more: Iterable<number>, place: number) => {
    for (const byte of more) {
      bytes.push(byte);
      places.push(place);
    }
  };
  for (let at = 0; at < body.length; ) {
    const place = at + 1;
    const code = body.codePointAt(at)!;
    if (body[at] !== "\\") {
      push(code < 128 ? [code] : encoder.encode(String.fromCodePoint(code)), place);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    const c = body[at + 1]!;
    if (c >= "0" && c <= "7") {
      push([Number.parseInt(body.slice(at + 1, at + 4), 8)], place);
      at += 4;
    } else if (c === "x") {
      push([Number.parseInt(body.slice(at + 2, at + 4), 16)], place);
      at += 4;
    } else if (c === "u" || c === "U") {
      const length = c === "u" ? 4 : 8;
      push(
        encoder.encode(String.fromCodePoint(Number.parseInt(body.slice(at + 2, at + 2 + length), 16))),
        place,
      );
      at += 2 + length;
    } else {
      push([simple[c] ?? c.charCodeAt(0)], place);
      at += 2;
    }
  }
  const data = Uint8Array.from(bytes);
  const value = decoder.decode(data);
  let invalidUtf8 = false;
  try {
    strict.decode(data);
  } catch {
    invalidUtf8 = true;
  }
  return {
    value,
    invalidUtf8,
    offsetOf: (index) => places[encoder.encode(value.slice(0, index)).length] ?? word.length - 1,
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
