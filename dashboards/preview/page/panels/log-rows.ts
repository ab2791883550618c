import type { DataFrame, Field } from "@grafana/data";
import { isOfType } from "./field-type.js";

/** A line of a log, read. */
export interface LogRow {
  /** Unique among the rows it was read with. */
  key: string;
  /** Milliseconds since 1970. */
  time: number;
  line: string;
  level: LogLevel;
  /** Labels of its stream, and what structured metadata or a parser added. */
  labels: [name: string, value: string][];
  traceId?: string;
  /** Lines like it that were left out for it. */
  duplicates: number;
}

export type LogLevel = "critical" | "error" | "warning" | "info" | "debug" | "trace" | "unknown";

export type Deduplication = "none" | "exact" | "numbers" | "signature";

/** Spellings of levels, from the one that is checked first. */
const spellings: [LogLevel, RegExp][] = [
  ["critical", /^(?:crit(?:ical)?|fatal|alert|emerg(?:ency)?)\d?$/i],
  ["error", /^(?:err(?:or)?|eror)\d?$/i],
  ["warning", /^warn(?:ing)?\d?$/i],
  ["info", /^(?:info(?:rmation(?:al)?)?|notice)\d?$/i],
  ["debug", /^(?:debug|dbug)\d?$/i],
  ["trace", /^trace\d?$/i],
];

/** Labels that name a level, from the one that counts most. Loki adds `detected_level` itself. */
const levelLabels = ["level", "severity", "severity_text", "detected_level", "lvl", "loglevel"];

/** Level that some text names, as "unknown" where it names none. */
export function levelNamed(text: string): LogLevel {
  return spellings.find(([, spelling]) => spelling.test(text.trim()))?.[0] ?? "unknown";
}

/** Level of a line: what its labels say, else what it says of itself, else its first word that is a level. */
export function levelOf(line: string, labels: ReadonlyMap<string, string>): LogLevel {
  for (const name of levelLabels) {
    const level = levelNamed(labels.get(name) ?? "");
    if (level !== "unknown") return level;
  }
  const own = line.match(/["']?(?:level|severity|lvl)["']?\s*[=:]\s*["']?([a-z]+)/i)?.[1];
  if (own !== undefined && levelNamed(own) !== "unknown") return levelNamed(own);
  for (const [word] of line.slice(0, 200).matchAll(/\b[A-Za-z]+\b/g)) {
    const level = levelNamed(word);
    if (level !== "unknown" && level !== "trace") return level;
  }
  return "unknown";
}

/**
 * Reads lines out of frames as Grafana's Loki data source shapes them (`Time`, `Line`, `labels`), or as newer ones do
 * (`timestamp`, `body`, `labels`).
 */
export function logRows(frames: readonly DataFrame[]): LogRow[] {
  return frames.flatMap((frame, number) => {
    const time = frame.fields.find((field) => isOfType(field, "time"));
    const line =
      frame.fields.find(({ name }) => name === "Line" || name === "body") ??
      frame.fields.find((field) => isOfType(field, "string"));
    if (time === undefined || line === undefined) return [];
    const labelled = frame.fields.find(({ name }) => name === "labels" || name === "attributes");
    const aside = frame.fields.filter(
      (field) => ![time, line, labelled].includes(field) && !plumbing.has(field.name),
    );
    return time.values.map((at: number, row): LogRow => {
      const text = String(line.values[row] ?? "");
      const labels = labelsAt(row, line, labelled, aside);
      const traceId = traceIdOf(labels, text);
      return {
        key: `${number}-${row}`,
        time: at,
        line: text,
        level: levelOf(text, labels),
        labels: [...labels].sort(([a], [b]) => a.localeCompare(b)),
        duplicates: 0,
        ...(traceId !== undefined && { traceId }),
      };
    });
  });
}

/** Fields that hold what a store needs to know a line again. */
const plumbing = new Set(["tsNs", "id", "labelTypes"]);

function labelsAt(
  row: number,
  line: Field,
  labelled: Field | undefined,
  aside: readonly Field[],
): ReadonlyMap<string, string> {
  const given: Record<string, unknown> = labelled?.values[row] ?? line.labels ?? {};
  const labels = new Map(Object.entries(given).map(([name, value]) => [name, String(value)]));
  for (const field of aside) {
    const value = field.values[row];
    if (value !== undefined && value !== null && value !== "") labels.set(field.name, String(value));
  }
  return labels;
}

function traceIdOf(labels: ReadonlyMap<string, string>, line: string): string | undefined {
  const named =
    labels.get("trace_id") ?? labels.get("traceID") ?? labels.get("traceid") ?? labels.get("traceId");
  const found = named ?? line.match(/["']?trace_?id["']?\s*[=:]\s*["']?([0-9a-f]{16,32})\b/i)?.[1];
  return found !== undefined && /^[0-9a-f]{8,32}$/i.test(found) ? found : undefined;
}

/** Rows by time, those alike next to each other joined. */
export function arranged(
  rows: readonly LogRow[],
  newestFirst: boolean,
  deduplication: Deduplication,
): LogRow[] {
  const ordered = [...rows].sort((a, b) => (newestFirst ? b.time - a.time : a.time - b.time));
  if (deduplication === "none") return ordered;
  const kept: LogRow[] = [];
  for (const row of ordered) {
    const before = kept.at(-1);
    if (before !== undefined && likeness(before.line, deduplication) === likeness(row.line, deduplication))
      before.duplicates += 1;
    else kept.push({ ...row });
  }
  return kept;
}

/** What two lines must share to count as alike: every letter, all but numbers, or punctuation alone. */
function likeness(line: string, deduplication: Deduplication): string {
  if (deduplication === "numbers") return line.replace(/\d/g, "");
  if (deduplication === "signature") return line.replace(/\w/g, "");
  return line;
}

/** Labels that all rows share. */
export function commonLabels(rows: readonly LogRow[]): [string, string][] {
  const [first, ...rest] = rows;
  return (first?.labels ?? []).filter(([name, value]) =>
    rest.every(({ labels }) => labels.some(([other, its]) => other === name && its === value)),
  );
}

/** JSON spread over lines; any other line as it is. */
export function prettified(line: string): string {
  if (!/^\s*[[{]/.test(line)) return line;
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}
