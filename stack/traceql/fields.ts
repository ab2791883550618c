/** What a value is, as far as Tempo compares only values of one kind. Attributes may hold anything: undefined. */
export type FieldType = "string" | "number" | "duration" | "boolean" | "status" | "kind" | "nil";

/**
 * What a trace, span, event or link has without anyone setting it:
 * https://grafana.com/docs/tempo/latest/traceql/construct-traceql-queries/#intrinsic-fields
 */
export const intrinsics: Readonly<Record<string, FieldType>> = {
  name: "string",
  status: "status",
  statusMessage: "string",
  kind: "kind",
  duration: "duration",
  childCount: "number",
  parent: "nil",
  rootName: "string",
  rootServiceName: "string",
  traceDuration: "duration",
  nestedSetLeft: "number",
  nestedSetRight: "number",
  nestedSetParent: "number",
  "trace:id": "string",
  "trace:duration": "duration",
  "trace:rootName": "string",
  "trace:rootService": "string",
  "span:id": "string",
  "span:parentID": "string",
  "span:name": "string",
  "span:status": "status",
  "span:statusMessage": "string",
  "span:kind": "kind",
  "span:duration": "duration",
  "span:childCount": "number",
  "event:name": "string",
  "event:timeSinceStart": "duration",
  "link:traceID": "string",
  "link:spanID": "string",
  "instrumentation:name": "string",
  "instrumentation:version": "string",
};

/** Words that stand for values, by what they are values of. */
export const words: Readonly<Record<string, FieldType>> = {
  true: "boolean",
  false: "boolean",
  nil: "nil",
  ok: "status",
  error: "status",
  unset: "status",
  unspecified: "kind",
  internal: "kind",
  server: "kind",
  client: "kind",
  producer: "kind",
  consumer: "kind",
};

/** Where attributes are looked for: `resource.service.name`. */
export const scopes: readonly string[] = ["resource", "span", "parent", "event", "link", "instrumentation"];

/** Aggregates over the spans of a trace; they end in a comparison. */
export const aggregates: readonly string[] = ["count", "avg", "max", "min", "sum"];

/** What makes metrics of spans: https://grafana.com/docs/tempo/latest/metrics-from-traces/metrics-queries/functions/ */
export const metricFunctions: readonly string[] = [
  "rate",
  "count_over_time",
  "sum_over_time",
  "min_over_time",
  "max_over_time",
  "avg_over_time",
  "quantile_over_time",
  "histogram_over_time",
  "compare",
];

/** The rest of what may stand behind a pipe. */
export const stages: readonly string[] = ["by", "coalesce", "select", "topk", "bottomk"];
