import { dataSourcesOf } from "../../services/data-sources.js";
import {
  annotationsOf,
  type DashboardQuery,
  dashboardPath,
  isJson,
  type Json,
  mappings,
  panelsOf,
  type QueryLanguage,
  textAt,
  variablesOf,
} from "./dashboard.js";

const languages: Readonly<Record<string, QueryLanguage>> = {
  prometheus: "promql",
  loki: "logql",
  tempo: "traceql",
  "grafana-postgresql-datasource": "sql",
  // As it was called before Grafana 10.2.
  postgres: "sql",
};

/** The key that holds a query in each language. */
const queryKeys: Readonly<Partial<Record<QueryLanguage, string>>> = { traceql: "query", sql: "rawSql" };

/** The type of each data source that the stack provisions, by uid. */
export function provisionedTypes(traces: "tempo" | "jaeger"): ReadonlyMap<string, string> {
  return new Map(Object.values(dataSourcesOf(traces)).map(({ uid, type }) => [uid, type]));
}

/** Every query of a dashboard: of panels, variables and annotations, in that order. */
export function queriesOf(dashboard: Json, traces: "tempo" | "jaeger"): DashboardQuery[] {
  const types = provisionedTypes(traces);
  const language = (...sources: unknown[]) => languages[typeOf(sources, types, dashboard) ?? ""];
  const path = dashboardPath(dashboard);
  return [
    ...panelsOf(dashboard).flatMap(({ panel, title, keyPath }) =>
      mappings(panel.targets).flatMap((target, at): DashboardQuery[] => {
        const found = language(target.datasource, panel.datasource);
        const key = (found && queryKeys[found]) ?? "expr";
        const text = textAt(target, key);
        const refId = textAt(target, "refId");
        return text.trim() === ""
          ? []
          : [
              {
                text,
                language: found,
                of: `panel "${title}"`,
                keyPath: `${keyPath}.targets[${refId === "" ? at : JSON.stringify(refId)}].${key}`,
                kind: "panel",
                target,
                ...(mappings(panel.transformations).length === 0 && { shownAs: textAt(panel, "type") }),
              },
            ];
      }),
    ),
    ...variablesOf(dashboard).flatMap((variable): DashboardQuery[] => {
      if (textAt(variable, "type") !== "query") return [];
      const text = variableQuery(variable);
      const name = textAt(variable, "name");
      return text === ""
        ? []
        : [
            {
              text,
              language: language(variable.datasource),
              of: `variable ${name}`,
              keyPath: `${path}.variables[${JSON.stringify(name)}].query`,
              kind: "variable",
            },
          ];
    }),
    ...annotationsOf(dashboard).flatMap((annotation): DashboardQuery[] => {
      const found = language(annotation.datasource);
      const key = found === "sql" ? "rawQuery" : "expr";
      const text = textAt(annotation, key);
      const name = textAt(annotation, "name");
      return text === ""
        ? []
        : [
            {
              text,
              language: found,
              of: `annotation "${name}"`,
              keyPath: `${path}.annotations[${JSON.stringify(name)}].${key}`,
              kind: "annotation",
            },
          ];
    }),
  ];
}

/** A variable's query: a text, or an object that holds it under `query`. */
export function variableQuery(variable: Json): string {
  const { query } = variable;
  if (typeof query === "string") return query.trim();
  return isJson(query) ? (textAt(query, "query") || textAt(query, "rawSql")).trim() : "";
}

/** The type of the first data source named; the default one, Prometheus, when none is. */
function typeOf(
  sources: readonly unknown[],
  types: ReadonlyMap<string, string>,
  dashboard: Json,
): string | undefined {
  const named = sources.find((source) => source !== undefined && source !== null);
  if (named === undefined) return "prometheus";
  if (typeof named === "string") return types.get(named.toLowerCase()) ?? variableType(named, dashboard);
  if (!isJson(named)) return undefined;
  const uid = textAt(named, "uid");
  // What the uid stands for decides in Grafana, whatever type is written beside it.
  return types.get(uid) ?? variableType(uid, dashboard) ?? (textAt(named, "type") || undefined);
}

function variableType(uid: string, dashboard: Json): string | undefined {
  const name = /^\$\{?(\w+)/.exec(uid)?.[1];
  const variable = variablesOf(dashboard).find((each) => textAt(each, "name") === name);
  return variable && textAt(variable, "type") === "datasource" ? textAt(variable, "query") : undefined;
}
