import type { Metadata, PrometheusApi } from "./prometheus-api.js";
import { type MetricType, metricTypes, type RecordedMetric, type Recording } from "./recording.js";
import { isSynthetic } from "./synthetic.js";

/** What of the series in Prometheus makes up a recording. */
export interface RecordRequest {
  api: PrometheusApi;
  program: string;
  version?: string;
  note?: string;
  /** Jobs to record. */
  jobs: readonly string[];
  /** Record it as something that appears under any job. */
  anyJob?: boolean;
  openLabels?: boolean;
  /** Which names belong to it; default: all. What Prometheus or recording rules make never does. */
  wanted?: (name: string) => boolean;
}

/** Records what the given jobs expose: names, types, help, labels; never a value. */
export async function record(request: RecordRequest): Promise<Recording> {
  const {
    api,
    program,
    version,
    note,
    jobs,
    anyJob = false,
    openLabels = false,
    wanted = () => true,
  } = request;
  const made = new Set(await api.records());
  const metadata = new Map<string, Metadata>();
  const labels = new Map<string, Set<string>>();
  let common: Set<string> | undefined;
  for (const job of jobs) {
    for (const each of await api.metadata(job)) metadata.set(each.metric, each);
    for (const { __name__: name, ...rest } of await api.series(`{job=${JSON.stringify(job)}}`)) {
      if (name === undefined || isSynthetic(name) || made.has(name) || !wanted(name)) continue;
      const names = Object.keys(rest);
      common = common ? new Set(names.filter((label) => common!.has(label))) : new Set(names);
      const known = labels.get(name) ?? new Set();
      for (const label of names) known.add(label);
      labels.set(name, known);
    }
  }
  const everywhere = common ?? new Set<string>();
  const metrics: Recording["metrics"] = {};
  for (const [name, own] of labels) {
    const { metric, described } = describe(name, own, metadata, labels);
    const more = [...own].filter(
      (label) => !everywhere.has(label) && label !== implied[described.type as keyof typeof implied],
    );
    const before = metrics[metric]?.labels ?? [];
    metrics[metric] = { ...described, labels: [...new Set([...before, ...more])].sort() };
  }
  return {
    program,
    ...(version !== undefined && { version }),
    state: "recorded",
    ...(note !== undefined && { note }),
    ...(!anyJob && { jobs: [...jobs].sort() }),
    labels: [...everywhere].sort(),
    openLabels,
    metrics,
  };
}

/** Labels that a metric's type brings along. */
const implied = { histogram: "le", summary: "quantile" } as const;

/** The metric that a series belongs to, from metadata where there is some, else from the names OTLP is translated to. */
function describe(
  name: string,
  own: ReadonlySet<string>,
  metadata: ReadonlyMap<string, Metadata>,
  all: ReadonlyMap<string, ReadonlySet<string>>,
): { metric: string; described: Omit<RecordedMetric, "labels"> } {
  const exact = metadata.get(name);
  if (exact) return { metric: name, described: facts(exact, typeOf(exact.type)) };
  const stem = /^(.+)_(bucket|sum|count|total|info)$/.exec(name)?.[1];
  const whole = stem === undefined ? undefined : metadata.get(stem);
  if (stem !== undefined && whole) {
    const type = typeOf(whole.type);
    const parts = type === "histogram" || type === "summary";
    return { metric: parts ? stem : name, described: facts(whole, type) };
  }
  // Over OTLP only monotonic sums end in _total, and only histograms have buckets.
  if (stem !== undefined && (own.has("le") || all.has(`${stem}_bucket`)))
    return { metric: stem, described: { type: "histogram" } };
  if (name === "target_info") return { metric: name, described: { type: "info" } };
  return { metric: name, described: { type: name.endsWith("_total") ? "counter" : "gauge" } };
}

function facts({ help, unit }: Metadata, type: MetricType): Omit<RecordedMetric, "labels"> {
  return { type, ...(help && { help: help.trim() }), ...(unit && { unit }) };
}

function typeOf(text: string): MetricType {
  return metricTypes.find((type) => type === text) ?? "unknown";
}

/**
 * A new recording with what only the old one of the same version has kept as occasional: some series come into being
 * when something happens first (a failed compaction, a second replica), and must not vanish because it didn't today.
 */
export function withOccasional(now: Recording, before: Recording | undefined): Recording {
  if (!before || before.version !== now.version) return now;
  const everywhere = new Set(now.labels);
  // What once was on every series, and isn't any more, belongs to those that had it.
  const fallen = before.labels.filter((label) => !everywhere.has(label));
  const metrics: Recording["metrics"] = {};
  for (const name of new Set([...Object.keys(before.metrics), ...Object.keys(now.metrics)])) {
    const [old, fresh] = [before.metrics[name], now.metrics[name]];
    const earlier = old ? [...old.labels, ...fallen].filter((label) => !everywhere.has(label)) : [];
    const labels = [...new Set([...earlier, ...(fresh?.labels ?? [])])].sort();
    metrics[name] = {
      ...(fresh ?? old!),
      labels,
      ...((old?.occasional || !fresh) && { occasional: true as const }),
    };
  }
  return { ...now, metrics };
}
