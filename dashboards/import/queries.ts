import { isDeepStrictEqual } from "node:util";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { type Json, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { dataSourceOf, type Query, refIdOf } from "../lib/queries.js";
import { call, type Expression, type LibraryName, literal, mapping } from "./expression.js";
import { without } from "./prune.js";

/** The function for the language of each type of data source, with the key that holds the query. */
const languages: Readonly<Record<string, { write: LibraryName; key: string; implied: Json }>> = {
  prometheus: { write: "promql", key: "expr", implied: {} },
  loki: { write: "logql", key: "expr", implied: {} },
  tempo: { write: "traceql", key: "query", implied: { queryType: "traceql" } },
  "grafana-postgresql-datasource": { write: "sql", key: "rawSql", implied: {} },
};

/** What `promql` and the like call things; a data source may call something else so. */
const wordsOfQueries = ["promql", "logql", "traceql", "sql", "legend", "exemplars", "raw"];

/** Whether the library has a word for the language of a query. */
export function hasLanguage({ datasource }: Json): boolean {
  return languages[(datasource as DataSourceRef).type ?? ""] !== undefined;
}

/** A query of a panel: `promql("up", "{{job}}")`, with what else there is about it spread behind. */
export function queryExpression(target: Json, at: number, ofPanel: DataSourceRef | undefined): Expression {
  const { datasource, refId, ...rest } = target as Json & { datasource: DataSourceRef };
  const ownRefId = refId === refIdOf(at) ? undefined : literal(refId);
  const { write, key, implied } = languages[datasource.type ?? ""] ?? {};
  const text = key === undefined ? undefined : rest[key];
  if (
    Object.keys(rest).some((each) => wordsOfQueries.includes(each)) ||
    !write ||
    !key ||
    typeof text !== "string" ||
    !isDeepStrictEqual(pick(rest, Object.keys(implied!)), implied)
  )
    return mapping({ datasource: literal(datasource), refId: ownRefId, raw: literal(rest) });
  const legend = textAt(rest, "legendFormat");
  const takesLegend = (write === "promql" || write === "logql") && legend !== "";
  const asked = call(write, literal(text), ...(takesLegend ? [literal(legend)] : []));
  const usual = ofPanel ?? dataSourceOf(asked.value as Query);
  const more = {
    datasource: isDeepStrictEqual({ ...usual }, { ...datasource }) ? undefined : literal(datasource),
    refId: ownRefId,
    ...literals(without(rest, [key, ...(takesLegend ? ["legendFormat"] : []), ...Object.keys(implied!)])),
  };
  return Object.values(more).every((each) => each === undefined) ? asked : mapping(more, asked);
}

function literals(value: Json): Record<string, Expression> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}

function pick(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}
