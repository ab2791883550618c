import type { TestStack } from "./with-stack.js";

/** A span as Jaeger's query API gives it, as far as tests look. */
export interface StoredSpan {
  operationName: string;
  tags: { key: string; value: unknown }[];
  logs: { fields: { key: string; value: unknown }[] }[];
}

/** A log line with its stream's labels and its structured metadata, which Loki gives in one. */
export interface StoredLine {
  labels: Record<string, string>;
  line: string;
}

/** Spans of a trace in Jaeger; undefined when it doesn't know the trace. */
export async function traceInJaeger(stack: TestStack, traceId: string): Promise<StoredSpan[] | undefined> {
  const response = await fetch(stack.url("jaeger", `/api/traces/${traceId}`));
  if (response.status === 404) return undefined;
  const { data } = (await response.json()) as { data: { spans: StoredSpan[] }[] | null };
  return data?.[0]?.spans;
}

/** Number of traces that Jaeger has of a service. */
export async function countTraces(stack: TestStack, service: string): Promise<number> {
  const range = { service, limit: "100000", start: `${Date.now() - 3_600_000}000`, end: `${Date.now()}000` };
  const response = await fetch(stack.url("jaeger", `/api/traces?${new URLSearchParams(range)}`));
  const { data } = (await response.json()) as { data: unknown[] | null };
  return data?.length ?? 0;
}

/** Lines of the last hour that a LogQL query matches. */
export async function linesInLoki(stack: TestStack, query: string): Promise<StoredLine[]> {
  const range = {
    query,
    limit: "5000",
    start: `${Date.now() - 3_600_000}000000`,
    end: `${Date.now() + 60_000}000000`,
  };
  const response = await fetch(stack.url("loki", `/loki/api/v1/query_range?${new URLSearchParams(range)}`));
  const { data } = (await response.json()) as {
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
  };
  return data.result.flatMap(({ stream, values }) => values.map(([, line]) => ({ labels: stream, line })));
}

/** An instant PromQL query: labels and value of each series. */
export async function queryMetrics(
  stack: TestStack,
  query: string,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const response = await fetch(stack.url("prometheus", `/api/v1/query?${new URLSearchParams({ query })}`));
  const { data, error } = (await response.json()) as {
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    error?: string;
  };
  if (!data) throw new Error(`${query}: ${error}`);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** Sum of the collector's own metric over all its series whose labels contain `labels`, read from the collector itself. */
export async function collectorMetric(stack: TestStack, name: string, labels = ""): Promise<number> {
  const text = await (await fetch(stack.url("collectorMetrics", "/metrics"))).text();
  return text
    .split("\n")
    .filter((line) => new RegExp(`^${name}(?:_total)?(?:[{ ])`).test(line) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
