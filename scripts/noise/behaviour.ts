import { seededRandom } from "../../test/support/random.js";
import { normal, type Source, simulated, warmUp, weekBegins } from "./week.js";

/** A series to be simulated. */
export interface SimulatedSeries {
  metric: string;
  behaves: "counter" | "gauge";
  source: Source;
  labels: Readonly<Record<string, string>>;
  /** Of what its source counts. */
  share: number;
  /** Counts those calls alone. */
  of?: "errors" | "successes";
}

/** A value a minute; NaN: no sample. */
export type Values = Float64Array;

/** What a series does in a minute: a counter's growth, a gauge's value. `jitter`: from -1 to 1, its own. */
type Behaviour = (series: SimulatedSeries, minute: number, jitter: number) => number;

const perCall =
  (factor: number): Behaviour =>
  ({ source, share, of }, minute) =>
    factor * share * counted(source, of, minute);

const constant =
  (value: number): Behaviour =>
  () =>
    value;

const around =
  (value: number, jitter: number): Behaviour =>
  (_, __, drawn) =>
    value + drawn * jitter;

function counted({ calls, errors }: Source, of: SimulatedSeries["of"], minute: number): number {
  if (of === "errors") return errors[minute]!;
  return of === "successes" ? calls[minute]! - errors[minute]! : calls[minute]!;
}

const failures: Behaviour = ({ source, share }, minute) => share * source.errors[minute]!;

/** One in the minute of the restart, and never else. */
const whileRestarting: Behaviour = ({ source }, minute) => (minute === source.restarts + 1 ? 1 : 0);

const inProgress: Behaviour = ({ source }, minute, jitter) =>
  Math.max(0, Math.round((source.calls[minute]! / 60) * source.slow[minute]! + jitter));

const timeAt = (minute: number) => weekBegins.getTime() / 1000 + (minute - warmUp) * 60;

/** Share of the week that is over, from a seventh before its beginning. */
const progress = (minute: number) => minute / simulated;

/**
 * What metrics do in a quiet week: the first that matches. Sizes are a small machine's and a small company's.
 * Nothing here may be made to fit a rule: a rule that fires is to be looked at, not the week.
 */
const behaviours: readonly (readonly [name: RegExp, behaviour: Behaviour])[] = [
  // Models
  [/^(?:llm|agent)_errors_total$/, failures],
  [/^agent_tool_errors_total$/, ({ source, share }, minute) => share * source.errors[minute]! * 2],
  [/^agent_tool_calls_total$/, perCall(3)],
  [/^(?:llm|agent)_tokens_total$/, perCall(1100)],
  [/^(?:llm|agent)_cost_total$/, perCall(0.008)],
  [/^llm_unpriced_tokens_total$/, constant(0)],
  [/^llm_cost_anomaly_zscore$/, around(0.2, 1)],
  [/^llm_budget_usd$/, constant(5000)],
  [/^llm_budget_spent_usd$/, (_, minute) => 3000 * progress(minute)],
  [/^llm_budget_forecast_usd$/, around(3200, 100)],
  [/^llm_quota_limit$/, constant(10_000)],
  [/^llm_quota_remaining$/, ({ source }, minute) => 10_000 - 12 * source.calls[minute]!],
  [/^llm_quota_headroom_ratio$/, ({ source }, minute) => 1 - 0.0012 * source.calls[minute]!],
  [/^llm_fallbacks_total$/, ({ source }, minute) => Math.floor(source.errors[minute]! / 2)],
  [/^llm_queue_depth$/, inProgress],
  [/^llm_cache_savings_total$/, perCall(0.003)],
  [/^llm_cache_evictions_total$/, perCall(0.01)],
  [/^llm_cache_entries$/, around(5000, 100)],
  [/^llm_cache_size_bytes$/, around(5e7, 1e6)],
  [/^llm_judged_total$/, perCall(0.1)],
  [/^llm_feedback_total$/, perCall(0.05)],
  [/^llm_refusals_total$/, ({ source }, minute, jitter) => (jitter > 0.98 ? Math.min(1, source.calls[minute]!) : 0)],
  [/^llm_policy_violations_total$/, ({ source }, minute, jitter) => (jitter > 0.999 ? Math.min(1, source.calls[minute]!) : 0)],
  [/_in_progress$|_active$|_active_requests$/, inProgress],

  // Services
  [/^nodejs_eventloop_utilization_ratio$|^process_cpu_utilization_ratio$/, ({ source }, minute, jitter) => 0.15 + source.calls[minute]! / 1000 + jitter * 0.05],
  [/^v8js_memory_heap_limit_bytes$/, constant(4e9)],
  [/^v8js_memory_heap_used_bytes$/, ({ source }, minute, jitter) => 6e8 + 1e6 * source.calls[minute]! + 5e7 * jitter],

  // Machine
  [/^node_cpu_seconds_total$/, ({ source, labels, share }, minute) => {
    const busy = 0.05 + 0.0008 * source.calls[minute]!;
    return 60 * (labels.mode === "idle" ? 1 - busy : busy * share * 5);
  }],
  [/^node_load\d+$/, ({ source }, minute, jitter) => 0.3 + source.calls[minute]! / 300 + 0.1 * jitter],
  [/^node_memory_MemTotal_bytes$/, constant(16e9)],
  [/^node_memory_MemAvailable_bytes$/, ({ source }, minute, jitter) => 9e9 - 4e6 * source.calls[minute]! + 2e8 * jitter],
  [/^node_memory_SwapTotal_bytes$/, constant(2e9)],
  [/^node_memory_SwapFree_bytes$/, constant(2e9)],
  [/^node_filesystem_size_bytes$/, constant(100e9)],
  // Logs are rotated at night.
  [/^node_filesystem_avail_bytes$/, (_, minute, jitter) => 55e9 - 2e9 * ((minute % 1440) / 1440) + 1e8 * jitter],
  [/^node_filesystem_files$/, constant(6e6)],
  [/^node_filesystem_files_free$/, around(5e6, 1e4)],
  [/^node_filesystem_readonly$/, constant(0)],
  [/^node_pressure_cpu_waiting_seconds_total$/, ({ source }, minute) => 0.5 + source.calls[minute]! / 200],
  [/^node_pressure_/, constant(0.1)],
  [/^node_vmstat_oom_kill$/, constant(0)],
  [/^node_timex_offset_seconds$/, around(0, 0.002)],
  [/^node_timex_maxerror_seconds$/, around(0.05, 0.02)],
  [/^node_timex_sync_status$/, constant(1)],
  [/^node_time_seconds$/, (_, minute) => timeAt(minute)],
  [/^node_boot_time_seconds$/, constant(timeAt(0) - 30 * 86_400)],

  // The stack's own programs
  // Renewed a month ago, for three.
  [/^stack:tls_certificate_expiry:timestamp_seconds$/, constant(timeAt(0) + 60 * 86_400)],
  [/^up$|_reload_successful$/, constant(1)],
  [/^prometheus_notifications_alertmanagers_discovered$/, constant(1)],
  [/^prometheus_rule_group_interval_seconds$/, constant(30)],
  [/^prometheus_rule_group_last_duration_seconds$/, around(0.2, 0.15)],
  [/^prometheus_tsdb_head_max_time_seconds$/, (_, minute) => timeAt(minute) - 5],
  [/^prometheus_tsdb_lowest_timestamp_seconds$/, (_, minute) => timeAt(minute) - 14 * 86_400],
  [/^prometheus_tsdb_retention_limit_seconds$/, constant(15 * 86_400)],
  [/^prometheus_tsdb_retention_limit_bytes$/, constant(50e9)],
  [/^prometheus_tsdb_storage_blocks_bytes$/, around(5e9, 2e8)],
  [/_queue_capacity$/, constant(1000)],
  [/_queue_size$/, ({ source }, minute, jitter) => Math.round(Math.max(0, 3 * jitter + 200 * (source.slow[minute]! - 1.1)))],
  [/_notifications_failed_total$/, whileRestarting],
  [/_(?:errors?|(?:send_)?fail(?:ed|ures)?|dropped|refused|rejected|discarded|corruptions|missed|duplicate|out_of|too_old|enqueue_failed)(?:_|$)/, constant(0)],
  [/_timestamp_seconds$/, (_, minute) => timeAt(minute) - 30],
  [/_(?:success|successful|healthy|ready)$/, constant(1)],
]; // biome-ignore format: a table

/** Metrics whose behaviour nobody described: counters count calls, gauges stand at 1. */
export function isDescribed({ metric, behaves }: Pick<SimulatedSeries, "metric" | "behaves">): boolean {
  return (
    behaviours.some(([name]) => name.test(metric)) || (behaves === "counter" && callCounter.test(metric))
  );
}

const callCounter =
  /_(?:requests|calls|count|sent|received|lines|spans|received_total|points)(?:_|$)|_total$|_count$|_bucket$|_sum$/;

/** The values of a series over the simulated time. */
export function valuesOfSeries(series: SimulatedSeries): Values {
  const { metric, behaves } = series;
  const behaviour = behaviours.find(([name]) => name.test(metric))?.[1];
  if (metric.endsWith("_bucket")) return accumulated(series, bucket(series));
  if (behaves === "counter") return accumulated(series, behaviour ?? perCall(1));
  const draw = drawer(series);
  return each((minute) =>
    isDown(series, minute) ? missing(metric) : (behaviour ?? constant(1))(series, minute, draw()),
  );
}

/** A target that doesn't answer has `up` at 0, and no other samples. */
function missing(metric: string): number {
  return metric === "up" ? 0 : Number.NaN;
}

/** Restarted programs miss a scrape; and one a day is missed by mere chance. Machines and models go on. */
function isDown({ source, metric }: SimulatedSeries, minute: number): boolean {
  if (metric.startsWith("llm_") || metric.startsWith("agent_") || metric.startsWith("node_")) return false;
  return minute === source.restarts || minute % 1440 === (source.seed * 97) % 1440;
}

function accumulated(series: SimulatedSeries, growth: Behaviour): Values {
  const draw = drawer(series);
  let total = 0;
  return each((minute) => {
    if (minute === series.source.restarts && !series.metric.startsWith("node_")) total = 0;
    total += growth(series, minute, draw());
    return isDown(series, minute) ? Number.NaN : total;
  });
}

/** Usual answers, by metric: median and spread of a lognormal distribution; well within what is promised. */
const durations: readonly (readonly [RegExp, { median: number; sigma: number }])[] = [
  [/^llm_request_duration/, { median: 0.8, sigma: 0.45 }],
  [/^llm_time_to_first_token/, { median: 0.4, sigma: 0.4 }],
  [/^llm_request_tokens/, { median: 700, sigma: 0.8 }],
  [/^agent_duration/, { median: 15, sigma: 0.6 }],
  [/./, { median: 0.03, sigma: 0.5 }],
];

const scores = { mean: 0.85, deviation: 0.07 };
const largestSample = 30;
const drawn = new WeakMap<Source, Map<string, Float64Array[]>>();

/** How many observations of a minute are at most the bound: drawn one by one, so that few calls are as noisy as they are. */
function bucket({ metric, labels }: SimulatedSeries): Behaviour {
  const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
  return ({ source, share, of }, minute) => {
    const count = share * counted(source, of, minute);
    if (count === 0 || bound === Number.POSITIVE_INFINITY) return count;
    const sample = observations(source, metric)[minute]!;
    return (count * sample.filter((value) => value <= bound).length) / sample.length;
  };
}

/** The same for all buckets of a source. */
function observations(source: Source, metric: string): Float64Array[] {
  const byMetric = drawn.get(source) ?? new Map<string, Float64Array[]>();
  drawn.set(source, byMetric);
  let found = byMetric.get(metric);
  if (!found) {
    const random = seededRandom(source.seed * 1000 + metric.length);
    const uniform = () => (random.below(1_000_000) + 1) / 1_000_001;
    const { median, sigma } = durations.find(([name]) => name.test(metric))![1];
    found = Array.from({ length: simulated }, (_, minute) =>
      Float64Array.from({ length: Math.min(source.calls[minute]!, largestSample) }, () =>
        metric.startsWith("llm_quality_score")
          ? Math.min(1, scores.mean + scores.deviation * normal(uniform))
          : median * source.slow[minute]! * Math.exp(sigma * normal(uniform)),
      ),
    );
    byMetric.set(metric, found);
  }
  return found;
}

function drawer({ source, metric }: SimulatedSeries): () => number {
  const random = seededRandom(source.seed * 7919 + metric.length);
  return () => random.below(2_000_001) / 1_000_000 - 1;
}

function each(value: (minute: number) => number): Values {
  return Float64Array.from({ length: simulated }, (_, minute) => value(minute));
}
