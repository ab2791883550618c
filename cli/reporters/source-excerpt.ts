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
  const caretAt = column === undefined ? 0 : expandTabs(faulty.slice(0, column - 1)).length;
  // Far to the right: start a third of the room before the column.
  const start = caretAt > room - 5 ? caretAt - Math.floor(room / 3) : 0;
  const view = (text: string) => cut(expandTabs(text), start, room);
  const before = lines[line - 2];
  return [
    ...(before?.trim()
      ? [{ gutter: String(line - 1).padStart(gutterWidth), text: view(before), kind: "context" as const }]
      : []),
    { gutter: String(line), text: view(faulty), kind: "line" },
    ...(column === undefined
      ? []
      : [
          {
            gutter: " ".repeat(gutterWidth),
            text: `${" ".repeat(caretAt - start)}^`,
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

function expandTabs(text: string): string {
  return text.replaceAll("\t", "  ");
}

function cut(text: string, start: number, room: number): string {
  const seen = start > 0 && text.length > start ? `…${text.slice(start + 1)}` : text.slice(start);
  return seen.length > room ? `${seen.slice(0, room - 1)}…` : seen;
}
