import type { QueryError } from "../../promql/index.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { DashboardQuery, Json, QueryLanguage } from "../dashboards/dashboard.js";
import { excerpt } from "../dashboards/promql.js";
import { fillings, type Mention } from "../dashboards/variables.js";
import { type DashboardWorld, dashboardWorld } from "../dashboards/world.js";
import type { Problem, Severity } from "../problem.js";

const titles: Readonly<Record<QueryLanguage, string>> = {
  promql: "PromQL",
  logql: "LogQL",
  traceql: "TraceQL",
  sql: "SQL",
};

/** A query that Prometheus, Loki, Tempo or PostgreSQL refuses leaves an error in place of the panel. */
export const dashboardQuery: Check = {
  id: "dashboard-query",
  async run(context) {
    const { dashboards } = await dashboardWorld(context);
    const metrics = dashboards.flatMap(({ queries }) =>
      queries.flatMap(({ query, analysis, originalOf }) => {
        // The first one; what comes behind it mostly follows from it.
        const [error] = analysis.errors;
        return error ? [faulty(context, query, "promql", error, originalOf(error.from))] : [];
      }),
    );
    const others = await Promise.all(
      (["logql", "traceql", "sql"] as const).map((language) => othersIn(context, dashboards, language)),
    );
    return [...metrics, ...others.flat()];
  },
};

/** What one of the other languages makes of a query. */
interface Reading {
  errors: QueryError[];
  /** What is taken, and can hardly be meant. */
  doubts?: QueryError[];
  /** Undefined where it can't be told. */
  type?: "metric" | "log" | "traces";
}

type Reader = (text: string) => Reading;

/** The readers of the other languages, each loaded only when a dashboard has a query in it. */
const readers: Readonly<Record<Exclude<QueryLanguage, "promql">, () => Promise<Reader>>> = {
  logql: async () => (await import("../../logql/index.js")).analyseLogql,
  traceql: async () => (await import("../../traceql/index.js")).analyseTraceql,
  sql: async () => (await import("../dashboards/sql.js")).sqlReader(),
};

async function othersIn(
  context: CheckContext,
  dashboards: DashboardWorld["dashboards"],
  language: Exclude<QueryLanguage, "promql">,
): Promise<Problem[]> {
  const queries = dashboards.flatMap(({ dashboard, others }) =>
    others.filter((query) => query.language === language).map((query) => ({ dashboard, query })),
  );
  if (queries.length === 0) return [];
  const read = await readers[language]();
  const { sqlMentions } = await import("../dashboards/sql.js");
  return queries.flatMap(({ dashboard, query }) => {
    if (asksForNames(query) || isTraceId(query)) return [];
    const { mentions, errors } = language === "sql" ? sqlMentions(query.text) : {};
    const [macro] = errors ?? [];
    if (macro) return [faulty(context, query, language, macro, macro.from)];
    return judged(context, query, readBest(query, dashboard, read, mentions));
  });
}

/** Of the ways to fill in its variables the first that gives a valid query, else the first. */
function readBest(query: DashboardQuery, dashboard: Json, read: Reader, mentions?: readonly Mention[]) {
  const readings = fillings(query.text, dashboard, query.language, mentions).map(({ text, originalOf }) => ({
    ...read(text),
    originalOf,
  }));
  return readings.find(({ errors }) => errors.length === 0) ?? readings[0]!;
}

function judged(
  context: CheckContext,
  query: DashboardQuery,
  { errors: [error], doubts: [doubt] = [], type, originalOf }: ReturnType<typeof readBest>,
): Problem[] {
  const language = query.language!;
  if (error) return [faulty(context, query, language, error, originalOf(error.from))];
  const mismatch = shownWrongly(context, query, type);
  if (mismatch) return [mismatch];
  return doubt ? [faulty(context, query, language, doubt, originalOf(doubt.from), "warning")] : [];
}

/** Panels that draw numbers. */
const drawing = new Set([
  ...["timeseries", "stat", "gauge", "bargauge", "barchart", "piechart", "heatmap", "histogram"],
  ...["state-timeline", "status-history", "trend"],
]);

/** Numbers where lines are shown, and the other way round: the panel stays empty. */
function shownWrongly(
  context: CheckContext,
  query: DashboardQuery,
  type: Reading["type"],
): Problem | undefined {
  const { shownAs = "", of } = query;
  const finding = (what: string, why: string, next: string): Problem => ({
    id: "dashboard-query",
    severity: "warning",
    what: `The query of ${of} ${what}.`,
    why,
    next,
    place: atKey(context, query.keyPath),
  });
  if (drawing.has(shownAs) && (type === "log" || type === "traces"))
    return finding(
      type === "log" ? "gives lines of logs" : "gives traces",
      `A panel of the type ${shownAs} draws numbers, and has none.`,
      type === "log"
        ? "Count the lines, `sum(count_over_time({...} [$__auto]))`, or show them in a panel of the type logs."
        : "Count them, `{...} | rate()`, or show them in a panel of the type table.",
    );
  if ((shownAs === "logs" || shownAs === "traces") && type === "metric")
    return finding(
      "gives numbers",
      `A panel of the type ${shownAs} has nothing to show of them.`,
      "Show it in a panel of the type timeseries, or leave the function out.",
    );
  return undefined;
}

/** `label_values({...}, job)`: Grafana reads these itself; what is within braces is a stream selector, hardly ever wrong. */
function asksForNames({ kind, language, text }: DashboardQuery): boolean {
  return kind === "variable" && language === "logql" && /^\s*label_(?:values|names)\s*\(/.test(text);
}

/** A single trace may be asked for by its id alone. */
function isTraceId({ language, text }: DashboardQuery): boolean {
  return language === "traceql" && /^\s*(?:[0-9a-f]{16,32}|\$\{?\w+(?::\w+)?\}?)\s*$/i.test(text);
}

function faulty(
  context: CheckContext,
  query: DashboardQuery,
  language: QueryLanguage,
  { message, next }: QueryError,
  at: number,
  severity: Severity = "error",
): Problem {
  const said = message.replace(/\.$/, "");
  return {
    id: "dashboard-query",
    severity,
    what:
      severity === "error"
        ? `The query of ${query.of} is not valid ${titles[language]}: ${said}.`
        : `In the query of ${query.of}: ${said}.`,
    ...(next && { next }),
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, at),
  };
}
