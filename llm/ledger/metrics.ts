import type { Pool } from "pg";
import { contract } from "../../stack/catalog/contract.js";
import { parseDecimal, usdPlaces } from "../prices/decimal.js";
import { tokenTypes } from "../semconv.js";
import { bounds, callCounts, type PricedCall, runCounts } from "./series.js";

/** A trace that stands for a bucket. */
interface Exemplar {
  traceId: string;
  value: number;
  /** Unix seconds. */
  at: number;
}

interface CallRow {
  model: string;
  provider: string;
  feature: string;
  team: string;
  agent: string;
  operation: string;
  status: string;
  error_type: string;
  calls: string;
  cost_usd: string;
  duration_seconds: number;
  first_token_seconds: number;
  counts: string[];
  created: Date;
}

interface RunRow {
  kind: string;
  agent: string;
  tool: string;
  feature: string;
  team: string;
  status: string;
  error_type: string;
  runs: string;
  duration_seconds: number;
  counts: string[];
  created: Date;
}

/** What the metrics are made from. */
export interface SeriesRows {
  calls: CallRow[];
  runs: RunRow[];
}

/** Reads what the metrics are made from. Throws what the database says. */
export async function readSeries(pool: Pool): Promise<SeriesRows> {
  const [calls, runs] = await Promise.all([
    pool.query<CallRow>("SELECT * FROM llm_call_series"),
    pool.query<RunRow>("SELECT * FROM llm_run_series"),
  ]);
  return { calls: calls.rows, runs: runs.rows };
}

/**
 * Traces to look at, by bucket of `llm_request_duration_seconds`. Only of calls that failed or took longer than
 * `slowSeconds`: those are the ones whose traces sampling is sure to keep.
 */
export class Exemplars {
  private readonly latest = new Map<string, Exemplar>();

  constructor(private readonly slowSeconds: number) {}

  add(calls: readonly PricedCall[]): void {
    for (const { call } of calls) {
      if (call.latency === null || (call.status === "ok" && call.latency <= this.slowSeconds)) continue;
      // As many as there are models, statuses and buckets, and no more for a sender that makes names up.
      if (this.latest.size > 2_000) this.latest.clear();
      this.latest.set(
        keyOf(call.requestModel ?? call.responseModel ?? "", call.status, bucketOf(call.latency)),
        {
          traceId: call.traceId,
          value: call.latency,
          at: call.timestamp.getTime() / 1000,
        },
      );
    }
  }

  find(model: string, status: string, bucket: number): Exemplar | undefined {
    return this.latest.get(keyOf(model, status, bucket));
  }
}

function keyOf(model: string, status: string, bucket: number): string {
  return `${model}\n${status}\n${bucket}`;
}

function bucketOf(seconds: number): number {
  const found = bounds.duration.findIndex((bound) => seconds <= bound);
  return found === -1 ? bounds.duration.length : found;
}

/** Gauges and counters of the ledger itself, by name. */
export interface OwnMetric {
  name: string;
  type: "counter" | "gauge";
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}

/** The type of what {@link metricsText} writes. */
export const metricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * All metrics as OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/): the format that carries when
 * a counter began, without which `increase()` misses its first increments.
 */
export function metricsText(
  { calls, runs }: SeriesRows,
  exemplars: Exemplars,
  own: readonly OwnMetric[],
): string {
  const families = new Map<string, Family>();
  for (const row of calls) addCalls(families, row, exemplars);
  for (const row of runs) addRuns(families, row);
  const lines: string[] = [];
  for (const { name, type, help, unit } of contract) {
    const family = families.get(name);
    if (family) writeFamily(lines, { name, type, help, unit }, family);
  }
  for (const { name, type, help, samples } of own) {
    const base = name.replace(/_total$/, "");
    lines.push(`# TYPE ${base} ${type}`, `# HELP ${base} ${help}`);
    for (const { labels, value } of samples)
      lines.push(`${name}${labelText(Object.entries(labels))} ${value}`);
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

/** Series of a metric by their labels. */
type Family = Map<string, Series>;

interface Series {
  /** Unix milliseconds. */
  created: number;
  /** Of a counter; of a histogram its sum. */
  value: number;
  /** Of money, exact until it is written. */
  exact?: bigint;
  /** Of a histogram: what is in each bucket alone. */
  buckets?: { bounds: readonly number[]; counts: number[]; exemplars: (Exemplar | undefined)[] };
}

function addCalls(families: Map<string, Family>, row: CallRow, exemplars: Exemplars): void {
  const { model, provider, feature, team, agent, operation, status, error_type } = row;
  const created = row.created.getTime();
  const counts = row.counts.map(Number);
  const part = (name: string, length: number) =>
    Array.from({ length }, (_, place) => counts[callCounts.at[name]! + place] ?? 0);
  const call = [
    ["model", model],
    ["provider", provider],
    ["feature", feature],
    ["team", team],
  ] as const;
  count("llm_requests_total", [...call, ["operation", operation], ["status", status]], Number(row.calls));
  if (status === "error") count("llm_errors_total", [...call, ["error_type", error_type]], Number(row.calls));
  const cost = parseDecimal(row.cost_usd, usdPlaces);
  money("llm_cost_total", call, cost);
  tokenTypes.forEach((type, place) => {
    const tokens = part("tokens", tokenTypes.length)[place]!;
    const sizes = part(`size:${type}`, bounds.size.length + 1);
    if (sizes.some((size) => size > 0)) {
      count("llm_tokens_total", [...call, ["type", type]], tokens);
      histogram("llm_request_tokens", [...call, ["type", type]], bounds.size, sizes, tokens);
      if (agent !== "")
        count("agent_tokens_total", [["agent", agent], ...call.slice(2), ["type", type]], tokens);
    }
    const unpriced = part("unpriced", tokenTypes.length)[place]!;
    if (unpriced > 0)
      count(
        "llm_unpriced_tokens_total",
        [
          ["model", model],
          ["provider", provider],
          ["type", type],
        ],
        unpriced,
      );
  });
  if (agent !== "") money("agent_cost_total", [["agent", agent], ...call.slice(2)], cost);
  const durations = part("duration", bounds.duration.length + 1);
  histogram(
    "llm_request_duration_seconds",
    [...call, ["status", status]],
    bounds.duration,
    durations,
    row.duration_seconds,
    (bucket) => (durations[bucket]! > 0 ? exemplars.find(model, status, bucket) : undefined),
  );
  const firstTokens = part("firstToken", bounds.firstToken.length + 1);
  if (firstTokens.some((each) => each > 0))
    histogram(
      "llm_time_to_first_token_seconds",
      call,
      bounds.firstToken,
      firstTokens,
      row.first_token_seconds,
    );

  function count(name: string, labels: Labels, value: number): void {
    seriesOf(families, name, labels, created).value += value;
  }

  function money(name: string, labels: Labels, value: bigint): void {
    const series = seriesOf(families, name, labels, created);
    series.exact = (series.exact ?? 0n) + value;
  }

  function histogram(...args: HistogramArguments): void {
    addHistogram(families, created, ...args);
  }
}

function addRuns(families: Map<string, Family>, row: RunRow): void {
  const { kind, agent, tool, feature, team, status, error_type } = row;
  const created = row.created.getTime();
  const runs = Number(row.runs);
  const labels = [
    ["agent", agent],
    ["feature", feature],
    ["team", team],
  ] as const;
  const count = (name: string, more: Labels) => {
    seriesOf(families, name, [...labels, ...more], created).value += runs;
  };
  if (kind === "tool") {
    count("agent_tool_calls_total", [["tool", tool]]);
    if (status === "error")
      count("agent_tool_errors_total", [
        ["tool", tool],
        ["error_type", error_type],
      ]);
    return;
  }
  count("agent_requests_total", [["status", status]]);
  if (status === "error") count("agent_errors_total", [["error_type", error_type]]);
  const durations = Array.from({ length: bounds.agent.length + 1 }, (_, place) =>
    Number(row.counts[runCounts.at.duration! + place] ?? 0),
  );
  addHistogram(
    families,
    created,
    "agent_duration_seconds",
    [...labels, ["status", status]],
    bounds.agent,
    durations,
    row.duration_seconds,
  );
}

type Labels = readonly (readonly [name: string, value: string])[];

type HistogramArguments = [
  name: string,
  labels: Labels,
  upper: readonly number[],
  counts: number[],
  sum: number,
  exemplar?: (bucket: number) => Exemplar | undefined,
];

function addHistogram(
  families: Map<string, Family>,
  created: number,
  ...[name, labels, upper, counts, sum, exemplar]: HistogramArguments
): void {
  const series = seriesOf(families, name, labels, created);
  series.value += sum;
  series.buckets ??= { bounds: upper, counts: counts.map(() => 0), exemplars: [] };
  const { buckets } = series;
  counts.forEach((each, bucket) => {
    buckets.counts[bucket]! += each;
    buckets.exemplars[bucket] ??= exemplar?.(bucket);
  });
}

function seriesOf(families: Map<string, Family>, name: string, labels: Labels, created: number): Series {
  let family = families.get(name);
  if (!family) {
    family = new Map();
    families.set(name, family);
  }
  const key = labels.map(labelPair).join(",");
  let series = family.get(key);
  if (!series) {
    series = { created, value: 0 };
    family.set(key, series);
  }
  series.created = Math.min(series.created, created);
  return series;
}

function writeFamily(
  lines: string[],
  { name, type, help }: { name: string; type: string; help: string; unit: string },
  family: Family,
): void {
  const base = type === "counter" ? name.replace(/_total$/, "") : name;
  lines.push(`# TYPE ${base} ${type}`, `# HELP ${base} ${help}`);
  for (const [labels, { created, value, exact, buckets }] of family) {
    const at = labels === "" ? "" : `{${labels}}`;
    if (buckets) {
      let below = 0;
      buckets.counts.forEach((each, bucket) => {
        below += each;
        const le = buckets.bounds[bucket] ?? "+Inf";
        lines.push(
          `${base}_bucket{${labels}${labels === "" ? "" : ","}le="${bound(le)}"} ${below}${exemplarText(buckets.exemplars[bucket])}`,
        );
      });
      lines.push(`${base}_count${at} ${below}`, `${base}_sum${at} ${value}`);
    } else lines.push(`${name}${at} ${exact === undefined ? value : Number(exact) / 10 ** usdPlaces}`);
    lines.push(`${base}_created${at} ${created / 1000}`);
  }
}

/** Bounds of OpenMetrics' histograms are floats: `1.0`. */
function bound(le: number | "+Inf"): string {
  return Number.isInteger(le) ? `${le}.0` : String(le);
}

function exemplarText(exemplar: Exemplar | undefined): string {
  return exemplar ? ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${exemplar.at}` : "";
}

function labelText(labels: Labels): string {
  return labels.length === 0 ? "" : `{${labels.map(labelPair).join(",")}}`;
}

function labelPair([name, value]: readonly [string, string]): string {
  return `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
