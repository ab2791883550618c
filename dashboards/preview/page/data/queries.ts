import type { DataFrame } from "@grafana/data";
import type { PreviewDataSource, SqlAnswer, SqlRequest } from "../../api.js";
import { at, nameIn, resolve, special } from "./data-sources.js";
import type { Naming } from "./frames.js";
import {
  type Formatter,
  inSelector,
  inSql,
  inTraceql,
  interpolate,
  type Scoped,
  type Variable,
} from "./interpolate.js";
import { type LokiResult, lokiFrames } from "./loki-frames.js";
import type { PanelJson, Target } from "./model.js";
import {
  type ExemplarResult,
  exemplarFrames,
  heatmapFrames,
  type PrometheusResult,
  tableFrame,
  timeSeriesFrames,
} from "./prometheus-frames.js";
import { ask, RequestError, wasTakenBack } from "./request.js";
import { sqlTable, sqlTimeSeries } from "./sql-frames.js";
import {
  asDuration,
  intervalOf,
  milliseconds,
  prometheusStep,
  type Resolution,
  usualScrape,
} from "./step.js";
import { alternativesOf } from "./traceql-conditions.js";
import {
  foundTraces,
  fromJaeger,
  fromTempo,
  isLookedFor,
  type JaegerTrace,
  jaegerSearches,
  type TempoSearch,
} from "./traces.js";

/** All that the answer to a panel's queries depends on. */
export interface QueryContext {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** Width of the panel in pixels: as many points of a series are asked for, at most. */
  width: number;
  variables: ReadonlyMap<string, Variable>;
  /** Values of this panel alone: of the variable that it is repeated for. */
  scoped: Scoped;
  sources: readonly PreviewDataSource[];
  /** The dashboard's panels, for those that show what another one asks. */
  panels: readonly PanelJson[];
  signal?: AbortSignal;
}

/** A query as it was sent, for whoever wants to look closer. */
export interface SentQuery {
  refId: string;
  dataSource: string;
  text: string;
  /** Milliseconds. */
  step?: number;
}

/** What went wrong with one query of a panel. */
export interface QueryError {
  refId: string;
  message: string;
  next?: string;
  status?: number;
}

/** Answers of all queries of a panel. */
export interface Answers {
  frames: DataFrame[];
  /** Exemplars. */
  annotations: DataFrame[];
  sent: SentQuery[];
  errors: QueryError[];
}

/** Runs a panel's queries beside each other. Throws only when `signal` says so; all else is told in the answers. */
export async function runQueries(panel: PanelJson, context: QueryContext): Promise<Answers> {
  const targets = (panel.targets ?? []).filter(({ hide }) => hide !== true);
  const runs = targets.map((target, position) => {
    const refId = target.refId ?? String.fromCharCode(65 + position);
    return runTarget(panel, target, { ...context, refId, only: targets.length === 1 }).catch(
      (error): Answers => {
        if (wasTakenBack(error)) throw error;
        const query = text(target.expr) || text(target.query) || text(target.rawSql);
        const sent = query === "" ? [] : [{ refId, dataSource: "as it is written", text: query }];
        return { ...nothing(), sent, errors: [{ refId, ...inWords(error) }] };
      },
    );
  });
  const answers = await Promise.all(runs);
  return {
    frames: answers.flatMap(({ frames }) => frames),
    annotations: answers.flatMap(({ annotations }) => annotations),
    sent: answers.flatMap(({ sent }) => sent),
    errors: answers.flatMap(({ errors }) => errors),
  };
}

/** An error in words for people. */
export function inWords(error: unknown): Omit<QueryError, "refId"> {
  if (error instanceof RequestError)
    return { message: error.message, next: error.next, status: error.status };
  return { message: error instanceof Error ? error.message : String(error) };
}

interface TargetContext extends QueryContext {
  refId: string;
  /** Whether it is the panel's only query. */
  only: boolean;
}

async function runTarget(panel: PanelJson, target: Target, context: TargetContext): Promise<Answers> {
  const own = nameIn(target.datasource);
  const ref =
    own === undefined || own === special.mixed ? (panel.datasource ?? target.datasource) : target.datasource;
  if (nameIn(ref) === special.dashboard) return ofOtherPanel(target, context);
  const replace = (text: string) => interpolate(text, context.variables, { scoped: context.scoped });
  const source = resolve(ref, context.sources, replace);
  if (source.state === "down")
    throw new RequestError(
      `${source.name} is down${source.why ? `: ${source.why}` : "."}`,
      502,
      "`obs status` says why.",
    );
  const run = languages[source.type];
  if (run === undefined)
    throw new RequestError(
      `The preview can't ask ${source.name} (${source.type}).`,
      501,
      "The panel shows in Grafana; here, ask Prometheus, Loki, the traces or the ledger.",
    );
  return run(source, panel, target, context);
}

/** What another panel asks, asked again: the same questions are sent once. */
async function ofOtherPanel(target: Target, context: TargetContext): Promise<Answers> {
  const other = context.panels.find(({ id }) => id === Number(target.panelId));
  const usesAnother = other?.targets?.some(({ datasource }) => nameIn(datasource) === special.dashboard);
  if (other === undefined || usesAnother || nameIn(other.datasource) === special.dashboard)
    throw new RequestError(
      `The panel with the id ${String(target.panelId)}, whose data this one shows, ${other ? "shows another's, too" : "is not on this dashboard"}.`,
      404,
      "Point the query at a panel that asks a store.",
    );
  return runQueries(other, context);
}

type Run = (
  source: PreviewDataSource,
  panel: PanelJson,
  target: Target,
  context: TargetContext,
) => Promise<Answers>;

const text = (value: unknown) => (typeof value === "string" ? value : "");

const nothing = (): Answers => ({ frames: [], annotations: [], sent: [], errors: [] });

function resolutionOf(panel: PanelJson, target: Target, context: TargetContext, least: number): Resolution {
  const replace = (value: string) => interpolate(value, context.variables, { scoped: context.scoped });
  const own = milliseconds(replace(text(target.interval) || panel.interval || ""));
  return {
    from: context.from,
    to: context.to,
    maxDataPoints: panel.maxDataPoints ?? Math.max(100, context.width),
    minInterval: own ?? least,
  };
}

/** Variables that Grafana brings to every query. */
function timeVariables({ from, to }: QueryContext, step: number, rateInterval: number): Scoped {
  const range = to - from;
  const of = (value: string | number) => ({ value: String(value) });
  return {
    __interval: of(asDuration(step)),
    __interval_ms: of(step),
    __rate_interval: of(asDuration(rateInterval)),
    __rate_interval_ms: of(rateInterval),
    __auto: of(asDuration(step)),
    __range: of(`${Math.round(range / 1000)}s`),
    __range_s: of(Math.round(range / 1000)),
    __range_ms: of(range),
  };
}

function written(query: string, context: TargetContext, scoped: Scoped, format: Formatter): string {
  return interpolate(query, context.variables, { scoped: { ...context.scoped, ...scoped }, format });
}

/** Numbers of times are sent as strings with as few digits as they need. */
const seconds = (at: number) => String(at / 1000);

const prometheus: Run = async (source, panel, target, context) => {
  const query = text(target.expr);
  if (query.trim() === "") return nothing();
  const scrape = milliseconds(source.interval) ?? usualScrape;
  const resolution = resolutionOf(panel, target, context, scrape);
  const { step, rateInterval, start, end } = prometheusStep(
    resolution,
    scrape,
    Number(target.intervalFactor ?? 1),
  );
  const expr = written(query, context, timeVariables(context, step, rateInterval), inSelector);
  const { refId, signal, only } = context;
  const instant = target.instant === true;
  const range = target.range === true || !instant;
  const naming: Naming = { refId, expr, legendFormat: text(target.legendFormat), interval: step };
  const send = <Data>(path: string, parameters: Record<string, string>) =>
    ask<{ data: Data }>(at(source, path), {
      signal,
      body: new URLSearchParams({ query: expr, ...parameters }),
    });
  const shaped = (data: PrometheusResult) =>
    target.format === "table"
      ? [tableFrame(data, naming, only)]
      : target.format === "heatmap"
        ? heatmapFrames(data, naming)
        : timeSeriesFrames(data, naming);
  const over = { start: seconds(start), end: seconds(end) };
  const [series, last, exemplars] = await Promise.all([
    range && send<PrometheusResult>("api/v1/query_range", { ...over, step: seconds(step) }),
    instant && send<PrometheusResult>("api/v1/query", { time: seconds(context.to) }),
    // Dots are an extra: a query that Prometheus can't give them for still has its line.
    target.exemplar === true && range
      ? send<ExemplarResult>("api/v1/query_exemplars", over).catch((error) => {
          if (wasTakenBack(error)) throw error;
          return { data: [] };
        })
      : undefined,
  ]);
  return {
    frames: [...(series ? shaped(series.data) : []), ...(last ? shaped(last.data) : [])],
    annotations: exemplars ? exemplarFrames(exemplars.data, refId) : [],
    sent: [{ refId, dataSource: source.name, text: expr, step }],
    errors: [],
  };
};

const loki: Run = async (source, panel, target, context) => {
  const query = text(target.expr);
  if (query.trim() === "") return nothing();
  const step = intervalOf(resolutionOf(panel, target, context, 1000));
  const expr = written(query, context, timeVariables(context, step, step), inSelector);
  const { refId, signal } = context;
  const naming: Naming = { refId, expr, legendFormat: text(target.legendFormat) || "__auto", interval: step };
  const limit = String(target.maxLines ?? 200);
  const instant = target.queryType === "instant" || target.instant === true;
  const nanoseconds = (time: number) => `${time}000000`;
  const search = instant
    ? new URLSearchParams({ query: expr, time: nanoseconds(context.to), limit })
    : new URLSearchParams({
        query: expr,
        start: nanoseconds(context.from),
        end: nanoseconds(context.to),
        step: seconds(step),
        limit,
        direction: text(target.direction) || "backward",
      });
  const path = `loki/api/v1/${instant ? "query" : "query_range"}`;
  const { data } = await ask<{ data: LokiResult }>(at(source, path, search), { signal });
  return {
    ...nothing(),
    frames: lokiFrames(data, naming),
    sent: [{ refId, dataSource: source.name, text: expr, step }],
  };
};

const postgres: Run = async (source, panel, target, context) => {
  const query = text(target.rawSql);
  if (query.trim() === "") return nothing();
  const intervalMs = intervalOf(resolutionOf(panel, target, context, 1000));
  // The server knows what `$__interval` and the other macros stand for in SQL.
  const sql = written(query, context, {}, inSql);
  const { refId, signal, from, to } = context;
  const format = target.format === "table" ? "table" : "time_series";
  const body: SqlRequest = { sql, from, to, intervalMs, format };
  const answer = await ask<SqlAnswer>(at(source, "sql"), { signal, body });
  return {
    ...nothing(),
    frames: [format === "table" ? sqlTable(answer, refId, sql) : sqlTimeSeries(answer, refId, sql)],
    sent: [{ refId, dataSource: source.name, text: sql }],
  };
};

const mostServices = 20;

const jaeger: Run = async (source, _panel, target, context) => {
  const { refId, signal, from, to } = context;
  const limit = Number(target.limit ?? 20);
  const query = written(text(target.query), context, timeVariables(context, 0, 0), inTraceql).trim();
  // As Jaeger's own data source has it: a service from a list.
  const asked =
    query || (target.service ? `{ resource.service.name = ${JSON.stringify(target.service)} }` : "{}");
  if (/^[0-9a-f]{16,32}$/i.test(asked)) {
    const { data } = await ask<{ data: JaegerTrace[] }>(at(source, `api/traces/${asked}`), { signal });
    return {
      ...nothing(),
      frames: [foundTraces(data.map(fromJaeger), refId, asked)],
      sent: [{ refId, dataSource: source.name, text: asked }],
    };
  }
  const alternatives = alternativesOf(asked);
  if (alternatives === undefined)
    throw new RequestError(
      "Jaeger keeps the traces here, and can't answer this TraceQL.",
      501,
      'Tempo can: `traces: { backend: "tempo" }` under Compose. Here, compare fields of one span: `{ status = error }`.',
    );
  const { data: services } = await ask<{ data: string[] | null }>(at(source, "api/services"), { signal });
  const searches = jaegerSearches(alternatives, (services ?? []).slice(0, mostServices), { from, to, limit });
  const answers = await Promise.all(
    [...new Set(searches)].map((search) =>
      ask<{ data: JaegerTrace[] | null }>(at(source, `api/traces?${search}`), { signal }),
    ),
  );
  const found = new Map(answers.flatMap(({ data }) => data ?? []).map((trace) => [trace.traceID, trace]));
  const traces = [...found.values()].filter((trace) => isLookedFor(trace, alternatives)).map(fromJaeger);
  traces.sort((one, other) => other.start - one.start);
  return {
    ...nothing(),
    frames: [foundTraces(traces.slice(0, limit), refId, asked)],
    sent: [{ refId, dataSource: source.name, text: asked }],
  };
};

const tempo: Run = async (source, _panel, target, context) => {
  const { refId, signal, from, to } = context;
  const q = written(text(target.query), context, timeVariables(context, 0, 0), inTraceql) || "{}";
  const search = new URLSearchParams({
    q,
    limit: String(target.limit ?? 20),
    start: String(Math.floor(from / 1000)),
    end: String(Math.ceil(to / 1000)),
  });
  const answer = await ask<TempoSearch>(at(source, "api/search", search), { signal });
  return {
    ...nothing(),
    frames: [foundTraces(fromTempo(answer), refId, q)],
    sent: [{ refId, dataSource: source.name, text: q }],
  };
};

const languages: Readonly<Record<string, Run>> = {
  prometheus,
  loki,
  "grafana-postgresql-datasource": postgres,
  postgres,
  jaeger,
  tempo,
};
