/** How a YAML scalar is written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/**
 * Where each UTF-16 unit of a scalar's value stands in its source: offset by offset, and one more for the place behind
 * the last. `source` is the scalar as written, quotes or block header included, without anchor, tag and comment.
 * A line break that was folded to a space stands at the break; what an escape stands for stands at its backslash.
 *
 * Resolves the text a second time, after the rules of YAML 1.2 (chapters 7.3, 8.1), to keep what the library's own
 * resolving forgets. Returns undefined where that doesn't lead to `value`: a wrong place is worse than none.
 */
export function scalarOffsets(source: string, style: ScalarStyle, value: string): Int32Array | undefined {
  const out = new Trace();
  if (style === "literal" || style === "folded") traceBlock(source, style, value, out);
  else traceFlow(source, style, out);
  return out.text() === value ? out.offsets() : undefined;
}

/** What has been resolved so far, each unit with its offset in the source. */
class Trace {
  private readonly parts: string[] = [];
  private readonly at: number[] = [];
  private end = 0;

  /** `text` came from `from`, one to one. */
  copy(text: string, from: number): void {
    this.parts.push(text);
    for (let index = 0; index < text.length; index++) this.at.push(from + index);
    this.end = from + text.length;
  }

  /** `text` stands for the stretch from `from` to `end`. */
  stand(text: string, from: number, end: number): void {
    this.parts.push(text);
    for (let index = 0; index < text.length; index++) this.at.push(from);
    this.end = end;
  }

  text(): string {
    return this.parts.join("");
  }

  offsets(): Int32Array {
    return Int32Array.from([...this.at, this.end]);
  }
}

interface Line {
  /** Offset of its first character, and of its line break (of `\n` in `\r\n`). */
  start: number;
  end: number;
  /** Spaces it begins with. */
  indent: number;
  /** The rest, without the carriage return. */
  content: string;
}

function linesFrom(source: string, from: number): Line[] {
  const lines: Line[] = [];
  for (let start = from; start < source.length; ) {
    const found = source.indexOf("\n", start);
    const end = found < 0 ? source.length : found;
    let indent = 0;
    while (start + indent < end && source[start + indent] === " ") indent++;
    const last = end > start + indent && source[end - 1] === "\r" ? end - 1 : end;
    lines.push({ start, end, indent, content: source.slice(start + indent, last) });
    start = end + 1;
  }
  return lines;
}

function traceBlock(source: string, style: "literal" | "folded", value: string, out: Trace): void {
  const body = source.indexOf("\n") + 1;
  const lines = body === 0 ? [] : linesFrom(source, body);
  const trim = blockIndent(lines, value);
  let chompStart = lines.length;
  while (chompStart > 0 && lines[chompStart - 1]!.content === "") chompStart--;
  if (chompStart === 0) {
    for (const line of lines.slice(0, value.length)) out.copy("\n", line.end);
    return;
  }
  for (let index = lines.length - 1; index >= chompStart; index--) {
    if (lines[index]!.indent > trim) chompStart = index + 1;
  }
  const first = lines.findIndex(({ content }) => content !== "");
  const copyLine = (line: Line) => {
    const kept = Math.min(line.indent, trim);
    out.copy(" ".repeat(line.indent - kept) + line.content, line.start + kept);
  };
  for (const line of lines.slice(0, first)) {
    copyLine(line);
    out.copy("\n", line.end);
  }
  // Line breaks since the last line with something in it.
  let breaks: number[] = [];
  let separator = "";
  let moreIndented = false;
  const separate = () => {
    if (separator === " ") out.stand(" ", breaks[0]!, breaks[0]! + 1);
    else {
      const used = breaks.slice(breaks.length - separator.length);
      for (const at of used) out.copy("\n", at);
    }
    breaks = [];
  };
  for (const line of lines.slice(first, chompStart)) {
    if (style === "literal") {
      separate();
      copyLine(line);
      separator = "\n";
    } else if (line.indent > trim || line.content.startsWith("\t")) {
      if (separator === " ") separator = "\n";
      else if (!moreIndented && separator !== "") separator += "\n";
      separate();
      copyLine(line);
      separator = "\n";
      moreIndented = true;
    } else if (line.content === "") {
      separator = separator.startsWith("\n") ? `${separator}\n` : "\n";
    } else {
      separate();
      copyLine(line);
      separator = " ";
      moreIndented = false;
    }
    breaks.push(line.end);
  }
  // What follows depends on the chomping indicator in the header; the value says what it came to.
  const header = source.slice(0, body);
  if (/^[|>]\d?-/.test(header)) return;
  // More-indented empty lines at the end of a folded scalar leave separators behind which are dropped.
  out.copy("\n", breaks.at(-1) ?? lines[chompStart - 1]!.end);
  if (!/^[|>]\d?\+/.test(header)) return;
  const rest = lines.slice(chompStart);
  for (const line of rest) {
    copyLine(line);
    if (line.end < source.length) out.copy("\n", line.end);
  }
}

/**
 * Columns that are taken off every line. Not read from the header: an indentation indicator counts from the parent's
 * indentation, which isn't in the source. The first line with something in it tells, when held against the value.
 */
function blockIndent(lines: readonly Line[], value: string): number {
  const line = lines.find(({ content }) => content !== "");
  if (!line) return 0;
  const lead = line.content.length - line.content.trimStart().length;
  const text = /^(?:[ \t]*\n)*( *)/.exec(value)?.[1]?.length ?? 0;
  // Only blanks in the line: nothing of it tells how many of its spaces belong to the value.
  return lead === line.content.length ? line.indent : line.indent - text;
}

const escapes: Record<string, string> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  "\t": "\t",
};
const hexLength: Record<string, number> = { x: 2, u: 4, U: 8 };

function traceFlow(source: string, style: "plain" | "single" | "double", out: Trace): void {
  const start = style === "plain" ? 0 : 1;
  const end = style === "plain" ? source.length : source.length - 1;
  let at = start;
  while (at < end) {
    const char = source[at]!;
    if (char === " " || char === "\t" || char === "\n" || (char === "\r" && source[at + 1] === "\n")) {
      at = traceBlanks(source, at, end, out);
    } else if (style === "single" && char === "'") {
      out.stand("'", at, at + 2);
      at += 2;
    } else if (style === "double" && char === "\\") {
      at = traceEscape(source, at, out);
    } else {
      out.copy(char, at);
      at++;
    }
  }
  if (at === start) out.copy("", start);
}

/** A run of blanks: kept within a line; around line breaks it is folded to a space, or to all breaks but the first. */
function traceBlanks(source: string, from: number, end: number, out: Trace): number {
  const breaks: number[] = [];
  let at = from;
  for (; at < end; at++) {
    const char = source[at]!;
    if (char === "\n") breaks.push(at);
    else if (char !== " " && char !== "\t" && !(char === "\r" && source[at + 1] === "\n")) break;
  }
  if (breaks.length === 0) out.copy(source.slice(from, at), from);
  else if (breaks.length === 1) out.stand(" ", breaks[0]!, at);
  else for (const each of breaks.slice(1)) out.copy("\n", each);
  return at;
}

function traceEscape(source: string, at: number, out: Trace): number {
  const kind = source[at + 1] ?? "";
  const length = hexLength[kind];
  if (length !== undefined) {
    const code = Number.parseInt(source.slice(at + 2, at + 2 + length), 16);
    const next = at + 2 + length;
    if (code <= 0x10ffff) out.stand(String.fromCodePoint(code), at, next);
    return next;
  }
  const escaped = escapes[kind];
  if (escaped !== undefined) {
    out.stand(escaped, at, at + 2);
    return at + 2;
  }
  // An escaped line break joins the lines, and takes the blanks that the next one begins with.
  let next = at + (kind === "\r" ? 3 : 2);
  while (source[next] === " " || source[next] === "\t") next++;
  out.copy("", next);
  return next;
}
