import { type Analysis, analyse } from "../../promql/index.js";
import type { DashboardQuery, Json } from "./dashboard.js";
import { fillings } from "./variables.js";

/** A PromQL query of a dashboard, read with its variables filled in. */
export interface ReadQuery {
  query: DashboardQuery;
  analysis: Analysis;
  /** Offset in the query as written of an offset in what was read. */
  originalOf(offset: number): number;
  /** Of `label_values(metric, label)`: the label asked for, with its offset in the query as written. */
  label?: { name: string; at: number };
}

/**
 * Reads a query: of the ways to fill in its variables the first that gives a valid one, else the first. Undefined for what
 * isn't PromQL: `label_names()`, `metrics(...)` and `label_values(label)` of variables.
 */
export function readPromql(query: DashboardQuery, dashboard: Json): ReadQuery | undefined {
  const part = query.kind === "variable" ? ofVariable(query.text) : { text: query.text, at: 0 };
  if (!part) return undefined;
  const read = fillings(part.text, dashboard).map(({ text, originalOf }) => ({
    analysis: analyse(text),
    originalOf: (offset: number) => part.at + originalOf(offset),
  }));
  const best = read.find(({ analysis }) => analysis.errors.length === 0) ?? read[0]!;
  return { query, ...best, ...("label" in part && part.label && { label: part.label }) };
}

/** The PromQL within a variable's query. Grafana reads these functions itself; Prometheus doesn't know them. */
function ofVariable(
  text: string,
): { text: string; at: number; label?: { name: string; at: number } } | undefined {
  if (/^\s*(?:label_names|metrics)\s*\(/.test(text)) return undefined;
  const result = /^(\s*query_result\s*\()([\s\S]*)\)\s*$/.exec(text);
  if (result) return { text: result[2]!, at: result[1]!.length };
  if (!/^\s*label_values\s*\(/.test(text)) return { text, at: 0 };
  const values = /^(\s*label_values\s*\()([\s\S]+)(,\s*)([^\s,(){}]+)\s*\)\s*$/.exec(text);
  if (!values) return undefined;
  const [, head = "", selector = "", comma = "", label = ""] = values;
  return {
    text: selector,
    at: head.length,
    label: { name: label, at: head.length + selector.length + comma.length },
  };
}

/** The line of a text that an offset is in, and a caret below it, cut to a readable width around the caret. */
export function excerpt(text: string, offset: number, width = 90): string[] {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const line = text.slice(begin, next === -1 ? text.length : next).replaceAll("\t", " ");
  const column = offset - begin;
  const from =
    line.length <= width || column < width * 0.75
      ? 0
      : Math.min(column - Math.floor(width / 2), line.length - width);
  const shown = line.slice(from, from + width);
  const left = from > 0 ? "…" : "";
  const right = from + width < line.length ? "…" : "";
  return [`${left}${shown}${right}`, `${" ".repeat(left.length + column - from)}^`];
}
