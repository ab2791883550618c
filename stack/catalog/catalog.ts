import { didYouMean } from "../validate/suggest.js";
import { contract } from "./contract.js";
import type { MetricType, Recording } from "./recording.js";
import { synthetic } from "./synthetic.js";

/** One program that exposes a metric. */
export interface Producer {
  program: string;
  /** `declared`: nobody recorded it from a running program. */
  state: "recorded" | "declared";
  /** Part of the contract only: the program that will produce it does not exist yet. */
  pending: boolean;
  /** Values of the label `job` of its series; undefined: any. */
  jobs?: readonly string[];
  labels: readonly string[];
  /** Whether it may have more labels than these. */
  openLabels: boolean;
}

/** A series' name, looked up. */
export interface KnownSeries {
  /** As asked. */
  name: string;
  /** The metric's name, without the suffix of a histogram's or summary's series. */
  metric: string;
  /** Of the metric. */
  type: MetricType;
  /** Which series of a histogram or summary it is. */
  part?: "bucket" | "sum" | "count";
  /** How this very series behaves: buckets, counts and sums of a histogram only ever grow. */
  behaves: "counter" | "gauge" | "unknown";
  help?: string;
  /** As declared, else by its name's ending: `seconds`, `bytes`, `ratio`. */
  unit?: string;
  producers: readonly Producer[];
  /** `declared` when no producer was recorded. */
  state: "recorded" | "declared";
  /** Whether no program that exists today produces it. */
  pending: boolean;
}

/** Every metric that is known of. */
export interface Catalog {
  /** The series of a name, also one of a histogram's; undefined when nothing known produces it. */
  find(name: string): KnownSeries | undefined;
  /**
   * Labels that series of a name may have, those of some jobs only where given; `undefined` when that isn't known for
   * sure (nothing is known of the name, or who produces it may add its own).
   */
  labelsOf(name: string, jobs?: readonly string[]): ReadonlySet<string> | undefined;
  /** The known name that a misspelt one most likely meant, among the series of some jobs where given. */
  suggest(name: string, jobs?: readonly string[]): string | undefined;
  /** Whether anything was recorded or declared for a job. */
  hasJob(job: string): boolean;
  /** A program that may expose a name though it isn't listed, because it could not be recorded. */
  mayExpose(name: string, jobs?: readonly string[]): string | undefined;
  /** Every metric, sorted by name; a pattern narrows it: contained in the name, or with `*` for the whole name. */
  metrics(pattern?: string): KnownSeries[];
}

/** Makes a catalogue of recordings; the contract and the series that Prometheus makes itself are always in it. */
export function makeCatalog(recordings: readonly Recording[]): Catalog {
  const all = [...recordings, ...synthetic];
  const found = new Map<string, KnownSeries | undefined>();
  const jobs = new Set(all.flatMap((recording) => recording.jobs ?? []));
  const candidatesFor = new Map<string, string[]>();
  const find = (name: string) => {
    if (!found.has(name)) found.set(name, lookUp(name, all));
    return found.get(name);
  };
  let names: string[] | undefined;
  const everyName = () => {
    names ??= [
      ...new Set([
        ...all.flatMap(({ metrics }) => Object.keys(metrics)),
        ...contract.map(({ name }) => name),
      ]),
    ].sort();
    return names;
  };
  return {
    find,
    labelsOf(name, of) {
      const series = find(name);
      if (!series) return undefined;
      const producers = producersFor(series, of);
      if (producers.length === 0 || producers.some(({ openLabels }) => openLabels)) return undefined;
      return new Set(producers.flatMap(({ labels }) => labels));
    },
    suggest(name, of) {
      const key = of ? JSON.stringify(of) : "";
      let candidates = candidatesFor.get(key);
      if (!candidates) {
        candidates = everyName()
          .filter((each) => !of || producersFor(find(each)!, of).length > 0)
          .flatMap((each) => seriesNames(each, find(each)!.type));
        candidatesFor.set(key, candidates);
      }
      // Comparing letter by letter costs; names of quite another length are far away in any case.
      const third = Math.max(2, Math.floor(name.length / 3));
      return didYouMean(
        name,
        candidates.filter(
          (each) =>
            Math.abs(each.length - name.length) <= third || each.startsWith(name) || name.startsWith(each),
        ),
      );
    },
    mayExpose: (name, of) =>
      all.find(
        ({ incomplete, jobs: own }) =>
          incomplete &&
          (of ? own?.some((job) => of.includes(job)) : incomplete.some((start) => name.startsWith(start))),
      )?.program,
    hasJob: (job) => jobs.has(job),
    metrics(pattern) {
      const matches = matcherOf(pattern);
      return everyName()
        .filter(matches)
        .map((name) => find(name)!);
    },
  };
}

/** Those of a series' producers whose series carry one of the jobs; all of them without jobs. */
export function producersFor(series: KnownSeries, jobs?: readonly string[]): readonly Producer[] {
  if (!jobs) return series.producers;
  return series.producers.filter(
    (producer) => !producer.jobs || producer.jobs.some((job) => jobs.includes(job)),
  );
}

/** The names of the series that make up a metric. */
export function seriesNames(metric: string, type: MetricType): string[] {
  if (type === "histogram") return [`${metric}_bucket`, `${metric}_sum`, `${metric}_count`];
  if (type === "summary") return [metric, `${metric}_sum`, `${metric}_count`];
  return [metric];
}

function lookUp(name: string, recordings: readonly Recording[]): KnownSeries | undefined {
  const split = /^(.+)_(bucket|sum|count)$/.exec(name);
  return (
    lookUpMetric(name, name, undefined, recordings) ??
    (split ? lookUpMetric(name, split[1]!, split[2] as KnownSeries["part"], recordings) : undefined)
  );
}

function lookUpMetric(
  name: string,
  metric: string,
  part: KnownSeries["part"],
  recordings: readonly Recording[],
): KnownSeries | undefined {
  const fitting = (type: MetricType) => part === undefined || seriesNames(metric, type).includes(name);
  let known: { type: MetricType; help?: string | undefined; unit?: string | undefined } | undefined;
  const producers: Producer[] = [];
  for (const { program, state, jobs, labels, openLabels, metrics } of recordings) {
    if (!Object.hasOwn(metrics, metric)) continue;
    const entry = metrics[metric]!;
    if (!fitting(entry.type)) continue;
    // Several programs may expose one name: the first that says more wins.
    if (!known || (known.type === "unknown" && entry.type !== "unknown")) known = entry;
    producers.push({
      program,
      state,
      pending: false,
      ...(jobs && { jobs }),
      labels: [...labels, ...entry.labels, ...impliedLabels(entry.type, part)],
      openLabels,
    });
  }
  const promised = contract.find((each) => each.name === metric);
  if (promised && fitting(promised.type)) {
    known ??= promised;
    producers.push({
      program: promised.producer,
      state: "declared",
      pending: true,
      labels: [...promised.labels, ...contractLabels, ...impliedLabels(promised.type, part)],
      openLabels: false,
    });
  }
  if (!known) return undefined;
  const unit = known.unit ?? unitOf(metric);
  return {
    name,
    metric,
    type: known.type,
    ...(part && { part }),
    behaves: behaviour(known.type, part),
    ...(known.help && { help: known.help }),
    ...(unit && { unit }),
    producers,
    state: producers.some(({ state }) => state === "recorded") ? "recorded" : "declared",
    pending: producers.every(({ pending }) => pending),
  };
}

/** Labels that every metric of the contract has beside its own: they tell who sent it, as of everything that comes over OTLP. */
const contractLabels = ["deployment_environment_name", "instance", "job"];

function impliedLabels(type: MetricType, part: KnownSeries["part"]): string[] {
  if (type === "histogram" && part !== "sum" && part !== "count") return ["le"];
  return type === "summary" && part === undefined ? ["quantile"] : [];
}

function behaviour(type: MetricType, part: KnownSeries["part"]): KnownSeries["behaves"] {
  if (part !== undefined || type === "counter" || type === "histogram") return "counter";
  return type === "gauge" || type === "summary" || type === "info" ? "gauge" : "unknown";
}

/** The unit that a name ends in, as Prometheus' naming rules have it. */
function unitOf(metric: string): string | undefined {
  return /_(seconds|milliseconds|bytes|ratio|celsius|meters|volts|amperes|joules|grams|hertz|percent|usd)(?:_total)?$/.exec(
    metric,
  )?.[1];
}

function matcherOf(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  if (!pattern.includes("*")) return (name) => name.toLowerCase().includes(pattern.toLowerCase());
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const expression = new RegExp(`^${source}$`, "i");
  return (name) => expression.test(name);
}
