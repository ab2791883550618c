import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import {
  DataqueryBuilder as PrometheusQuery,
  PromQueryFormat,
} from "@grafana/grafana-foundation-sdk/prometheus";
import { DataqueryBuilder as TempoQuery } from "@grafana/grafana-foundation-sdk/tempo";
import { dataSources } from "./data-sources.js";

/** A query of a panel, in the language that its first key names. */
export type Query =
  | { promql: string; legend?: string; exemplars?: boolean }
  | { logql: string; legend?: string }
  | { traceql: string }
  | { sql: string };

/** A query in PromQL. `legend` names its series: `{{model}}`. */
export function promql(expr: string, legend?: string): Query {
  return { promql: expr, ...(legend !== undefined && { legend }) };
}

/** A query in LogQL. */
export function logql(expr: string, legend?: string): Query {
  return { logql: expr, ...(legend !== undefined && { legend }) };
}

/** A search in TraceQL. */
export function traceql(query: string): Query {
  return { traceql: query };
}

/**
 * A query of the ledger in SQL, with Grafana's macros: `$__timeFilter("timestamp")`. Where money must be exact: metrics
 * are samples. A column each that is shown, named as it is to be read.
 */
export function sql(query: string): Query {
  return { sql: query };
}

/**
 * Dots that open traces, on a panel of durations. They come from the span metrics made after sampling, since others would
 * point at traces that nobody kept; of those only the dots are wanted, not a line, which would show the slow ones alone.
 * `matchers`: which spans, `service_name=~"$service"`.
 */
export function exemplars(matchers: string): Query {
  const buckets = `traces_kept_span_metrics_duration_seconds_bucket{${matchers}}`;
  return {
    promql: `histogram_quantile(0.95, sum by (le) (rate(${buckets}[$__rate_interval]))) < 0`,
    legend: "traces",
    exemplars: true,
  };
}

/** How a panel wants its numbers: over time, only the last, or the last as rows of a table. */
export type Shape = "range" | "instant" | "table";

/** Name of a panel's query by its position: A, B, C. */
export function refIdOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}

/** The data source that a query asks. */
export function dataSourceOf(query: Query) {
  if ("promql" in query) return dataSources.prometheus;
  if ("logql" in query) return dataSources.loki;
  return "sql" in query ? dataSources.ledger : dataSources.traces;
}

/** A query as Grafana stores it. */
export function target(query: Query, refId: string, shape: Shape): Builder<Dataquery> {
  if ("promql" in query) {
    const built = new PrometheusQuery()
      .datasource(dataSources.prometheus)
      .refId(refId)
      .expr(query.promql)
      .exemplar(query.exemplars ?? false)
      .format(shape === "table" ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
    if (query.legend !== undefined) built.legendFormat(query.legend);
    return shape === "range" ? built.range() : built.instant();
  }
  if ("logql" in query) {
    const built = new LokiQuery().datasource(dataSources.loki).refId(refId).expr(query.logql);
    if (query.legend !== undefined) built.legendFormat(query.legend);
    return built.queryType(shape === "range" ? "range" : "instant").maxLines(200);
  }
  if ("sql" in query) {
    // The SDK has no builder for this data source.
    const built = {
      _implementsDataqueryVariant() {},
      datasource: dataSources.ledger,
      refId,
      format: shape === "range" ? "time_series" : "table",
      editorMode: "code",
      rawQuery: true,
      rawSql: query.sql,
    };
    return { build: () => built };
  }
  return new TempoQuery()
    .datasource(dataSources.traces)
    .refId(refId)
    .queryType("traceql")
    .query(query.traceql)
    .limit(20);
}
