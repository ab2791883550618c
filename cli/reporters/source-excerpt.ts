/** One row of an excerpt: what stands left of the bar, what right of it. */
export interface ExcerptRow {
  gutter: string;
  text: string;
  kind: "context" | "line" | "caret";
}

/**
 * The line at fault with the one before it, and a caret under the column (both from 1). Lines wider than `width`
 * are cut so that the column stays in view. Empty when the file has no such line.
 */
export function sourceExcerpt(
  source: string,
  line: number,
  column: number | undefined,
  width: number,
): ExcerptRow[] {
  const lines = linesOf(source);
  const faulty = lines[line - 1];
  if (faulty === undefined) return [];
  const gutterWidth = String(line).length;
  const room = Math.max(20, width - gutterWidth - 3);
  const lead = column === undefined ? "" : expandTabs(faulty.slice(0, column - 1));
  // Far to the right: start a third of the room before the column.
  const start = columnsOf(lead) > room - 5 ? Math.max(0, lead.length - Math.floor(room / 3)) : 0;
  const caretAt = columnsOf(cut(lead, start, Number.POSITIVE_INFINITY));
  const view = (text: string) => cut(expandTabs(text), start, room);
  const before = view(lines[line - 2] ?? "");
  return [
    // Of a short line, nothing is left beside the end of a long one.
    ...(before.replace("…", "").trim()
      ? [{ gutter: String(line - 1).padStart(gutterWidth), text: before, kind: "context" as const }]
      : []),
    { gutter: String(line), text: view(faulty), kind: "line" },
    ...(column === undefined
      ? []
      : [
          {
            gutter: " ".repeat(gutterWidth),
            text: `${" ".repeat(caretAt)}^`,
            kind: "caret" as const,
          },
        ]),
  ];
}

let split: { source: string; lines: string[] } | undefined;

/** Of the findings that are printed one after another, many are in the same file: its lines are kept until the next one. */
function linesOf(source: string): string[] {
  if (split?.source !== source) split = { source, lines: source.split(/\r?\n/) };
  return split.lines;
}

/** With tabs as two blanks, and what would steer the terminal as a sign that stands for it. */
function expandTabs(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return (
    text
      .replaceAll("\t", "  ")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\x00-\x1f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
      .replace(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd")
  );
}

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes in a terminal: two for ideographs and emoji, none for what joins the character before it. */
function columnsOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += /[\p{M}\u200b-\u200d]/u.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return columns;
}

function cut(text: string, start: number, room: number): string {
  const seen = start > 0 && text.length > start ? `…${text.slice(start + 1)}` : text.slice(start);
  if (columnsOf(seen) <= room) return seen;
  let kept = seen.slice(0, room - 1);
  while (columnsOf(kept) > room - 1) kept = kept.slice(0, -1);
  return `${kept}…`;
}
