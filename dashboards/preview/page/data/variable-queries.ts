import type { PreviewDataSource, SqlAnswer, SqlRequest } from "../../api.js";
import { at, resolve } from "./data-sources.js";
import { inSelector, inSql, interpolate, type Variable } from "./interpolate.js";
import type { VariableModel } from "./model.js";
import { type PrometheusResult, seriesOf } from "./prometheus-frames.js";
import { ask, RequestError } from "./request.js";
import { asDuration, intervalOf, milliseconds } from "./step.js";

/** A value that can be chosen. */
export interface Option {
  text: string;
  value: string;
}

/** What the values of a variable depend on. */
export interface OptionsContext {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** The variables before it. */
  variables: ReadonlyMap<string, Variable>;
  sources: readonly PreviewDataSource[];
  signal?: AbortSignal;
}

/** The values that a variable offers, without the one for all. Throws RequestError. */
export async function optionsOf(model: VariableModel, context: OptionsContext): Promise<Option[]> {
  switch (model.type) {
    case "query":
      return sorted(filtered(await asked(model, context), model.regex), Number(model.sort ?? 0));
    case "custom":
      return custom(queryOf(model));
    case "interval":
      return [
        ...(model.auto ? [{ text: "auto", value: automatic(model, context) }] : []),
        ...custom(queryOf(model)),
      ];
    case "constant":
    case "textbox":
      return [{ text: queryOf(model), value: queryOf(model) }];
    case "datasource":
      return filtered(
        context.sources
          .filter(({ type }) => type === queryOf(model))
          .map(({ name, uid }) => ({ text: name, value: uid })),
        model.regex,
      );
    default:
      return [];
  }
}

function automatic(
  { auto_count = 30, auto_min = "10s" }: VariableModel,
  { from, to }: OptionsContext,
): string {
  return asDuration(
    intervalOf({ from, to, maxDataPoints: auto_count, minInterval: milliseconds(auto_min) ?? 10_000 }),
  );
}

function queryOf({ query }: VariableModel): string {
  return typeof query === "string" ? query : String(query?.query ?? "");
}

/** `a, b : c, d\,e`: values behind commas; a text before a colon in spaces. */
export function custom(list: string): Option[] {
  return list
    .split(/(?<!\\),/)
    .map((each) => each.trim().replace(/\\,/g, ","))
    .filter((each) => each !== "")
    .map((each) => {
      const [, text, value] = /^(.+?)\s+:\s+(.+)$/.exec(each) ?? [];
      return text && value ? { text, value } : { text: each, value: each };
    });
}

async function asked(model: VariableModel, context: OptionsContext): Promise<Option[]> {
  const replace = (text: string) => interpolate(text, context.variables);
  const source = resolve(model.datasource, context.sources, replace);
  const run = languages[source.type];
  if (run === undefined)
    throw new RequestError(`The preview can't ask ${source.name} for values of "${model.name}".`, 501);
  return run(source, model, context);
}

type Run = (source: PreviewDataSource, model: VariableModel, context: OptionsContext) => Promise<Option[]>;

const options = (values: readonly string[]): Option[] => values.map((value) => ({ text: value, value }));

/** What `label_values(selector, label)` and its like ask for: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/ */
export type LabelQuery =
  | { kind: "values"; label: string; selector?: string }
  | { kind: "names"; selector?: string }
  | { kind: "metrics"; pattern: string }
  | { kind: "result"; expr: string }
  | { kind: "series"; selector: string };

/** Takes a variable's query apart. */
export function labelQuery(query: string): LabelQuery {
  const [, name, inner = ""] =
    /^\s*(label_values|label_names|metrics|query_result)\s*\((.*)\)\s*$/s.exec(query) ?? [];
  const trimmed = inner.trim();
  switch (name) {
    case "label_values": {
      const [, selector, label] = /^(.*\S)\s*,\s*([\w.:-]+)$/s.exec(trimmed) ?? [];
      return label === undefined
        ? { kind: "values", label: trimmed }
        : { kind: "values", label, ...(selector && { selector }) };
    }
    case "label_names":
      return { kind: "names", ...(trimmed && { selector: trimmed }) };
    case "metrics":
      return { kind: "metrics", pattern: trimmed };
    case "query_result":
      return { kind: "result", expr: trimmed };
    default:
      return { kind: "series", selector: query.trim() };
  }
}

const prometheus: Run = async (source, model, { from, to, variables, signal }) => {
  const range = to - from;
  const scoped = {
    __range: { value: `${Math.round(range / 1000)}s` },
    __range_s: { value: Math.round(range / 1000) },
    __range_ms: { value: range },
  };
  const query = labelQuery(interpolate(queryOf(model), variables, { scoped, format: inSelector }));
  const over = (selector?: string) =>
    new URLSearchParams({
      start: String(Math.floor(from / 1000)),
      end: String(Math.ceil(to / 1000)),
      ...(selector && { "match[]": selector }),
    });
  const list = (path: string, selector?: string) =>
    ask<{ data: string[] }>(at(source, path, over(selector)), { signal }).then(({ data }) => options(data));
  const values = (label: string, selector?: string) =>
    list(`api/v1/label/${encodeURIComponent(label)}/values`, selector);
  switch (query.kind) {
    case "values":
      return values(query.label, query.selector);
    case "names":
      return list("api/v1/labels", query.selector);
    case "metrics": {
      const pattern = expression(query.pattern);
      return (await values("__name__")).filter(({ value }) => pattern.test(value));
    }
    case "result": {
      const body = new URLSearchParams({ query: query.expr, time: String(to / 1000) });
      const { data } = await ask<{ data: PrometheusResult }>(at(source, "api/v1/query"), { signal, body });
      return options(
        seriesOf(data).flatMap(({ labels, samples }) =>
          samples.map(([time, value]) => `${seriesText(labels)} ${value} ${Math.round(time * 1000)}`),
        ),
      );
    }
    default: {
      if (query.selector === "") return [];
      const search = over(query.selector);
      const { data } = await ask<{ data: Record<string, string>[] }>(at(source, "api/v1/series", search), {
        signal,
      });
      return options(data.map(seriesText));
    }
  }
};

function seriesText({ __name__: name = "", ...labels }: Record<string, string>): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

const loki: Run = async (source, model, { from, to, variables, signal }) => {
  const given = typeof model.query === "object" ? model.query : undefined;
  const replaced = (text: unknown) => interpolate(String(text ?? ""), variables, { format: inSelector });
  // Its editor stores the parts instead of a text.
  const query: LabelQuery = given?.label
    ? {
        kind: "values",
        label: replaced(given.label),
        ...(given.stream ? { selector: replaced(given.stream) } : {}),
      }
    : labelQuery(replaced(queryOf(model)));
  const search = new URLSearchParams({ start: `${from}000000`, end: `${to}000000` });
  if ("selector" in query && query.selector) search.set("query", query.selector);
  const path =
    query.kind === "values"
      ? `loki/api/v1/label/${encodeURIComponent(query.label)}/values`
      : "loki/api/v1/labels";
  const { data } = await ask<{ data?: string[] }>(at(source, path, search), { signal });
  return options(data ?? []);
};

const postgres: Run = async (source, model, { from, to, variables, signal }) => {
  const sql = interpolate(queryOf(model), variables, { format: inSql });
  const body: SqlRequest = { sql, from, to, intervalMs: 60_000, format: "table" };
  const { columns, rows } = await ask<SqlAnswer>(at(source, "sql"), { signal, body });
  const column = (name: string) => columns.findIndex((each) => each.name === name);
  const [text, value] = [column("__text"), column("__value")];
  if (text >= 0 && value >= 0)
    return rows.map((row) => ({ text: String(row[text] ?? ""), value: String(row[value] ?? "") }));
  return options(rows.flat().map((each) => String(each ?? "")));
};

const languages: Readonly<Record<string, Run>> = {
  prometheus,
  loki,
  "grafana-postgresql-datasource": postgres,
  postgres,
};

/** `/…/flags`, or an expression without slashes; one that can't be read matches everything. */
function expression(text: string): RegExp {
  const [, inner, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  try {
    return new RegExp(inner ?? text, (flags ?? "").replace(/[^imsu]/g, ""));
  } catch {
    return /^/;
  }
}

/** What of each option an expression keeps: groups named `text` and `value`, else the first group, else all of it. */
export function filtered(all: readonly Option[], regex: string | undefined): Option[] {
  const unique = (list: readonly Option[]) => [...new Map(list.map((each) => [each.value, each])).values()];
  if (!regex) return unique(all);
  const pattern = expression(regex);
  return unique(
    all.flatMap((option) => {
      const found = pattern.exec(option.value);
      if (found === null) return [];
      const { text, value } = found.groups ?? {};
      if (text !== undefined || value !== undefined)
        return [{ text: text ?? value ?? "", value: value ?? text ?? "" }];
      const kept = found[1] ?? (found.length > 1 ? undefined : option.value);
      return kept === undefined ? [] : [{ text: kept === option.value ? option.text : kept, value: kept }];
    }),
  );
}

const compare: readonly ((one: string, other: string) => number)[] = [
  (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  (one, other) => numberIn(one) - numberIn(other),
  (one, other) => one.toLowerCase().localeCompare(other.toLowerCase()),
];

const numberIn = (text: string) => Number(/\d+/.exec(text)?.[0] ?? -1);

/** Grafana numbers orders in pairs, ascending before descending: see `VariableModel.sort`. */
export function sorted(all: readonly Option[], sort: number): Option[] {
  const by = compare[Math.ceil(sort / 2) - 1];
  if (sort <= 0 || by === undefined) return [...all];
  const direction = sort % 2 === 1 ? 1 : -1;
  return [...all].sort((one, other) => direction * by(one.text, other.text));
}
