import type { Analysis, Matcher, Selector } from "../promql/index.js";
import type { Severity } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { type KnownSeries, producersFor } from "./catalog.js";
import { isPerTarget } from "./synthetic.js";
import type { SeriesWorld } from "./world.js";

/** Something about a series that a query selects, at a place in the query. */
export interface SeriesFinding {
  severity: Severity;
  what: string;
  why?: string;
  next?: string;
  /** UTF-16 offset into the query. */
  at: number;
}

/**
 * Stands for a value that is known only to whoever looks at a dashboard: names and values that contain it are never
 * judged. No metric or label has it in its name.
 */
export const anyValue = "obs_any_value";

/** Metrics that a query selects and that nothing produces. `records`: names that recording rules write. */
export function unknownMetrics(
  { selectors }: Analysis,
  world: SeriesWorld,
  records: ReadonlySet<string>,
): SeriesFinding[] {
  return selectors.flatMap((selector) => {
    const { metric } = selector;
    if (metric === undefined || metric.includes(anyValue) || records.has(metric)) return [];
    const known = world.catalog.find(metric);
    const program = world.catalog.mayExpose(metric, jobsOf(selector));
    if (program !== undefined && (!known || jobsOf(selector)))
      return known && producersFor(known, jobsOf(selector)).length > 0
        ? []
        : [{ ...unverified(metric, program), at: selector.from }];
    const finding = known ? misplaced(known, selector, world) : unknown(metric, selector, world, records);
    return finding ? [{ ...finding, at: selector.from }] : [];
  });
}

/** Labels that a query matches or groups by, and that none of the series it selects has. */
export function unknownLabels(
  { selectors, aggregations, calls, binaries }: Analysis,
  world: SeriesWorld,
  records: ReadonlySet<string>,
): SeriesFinding[] {
  const found: SeriesFinding[] = [];
  const labelsOf = new Map<Selector, ReadonlySet<string> | undefined>();
  for (const selector of selectors) {
    const labels = labelsFor(selector, world, records);
    labelsOf.set(selector, labels);
    if (!labels) continue;
    for (const matcher of selector.matchers) {
      if (matcher.label === "__name__" || labels.has(matcher.label) || matcher.label.includes(anyValue))
        continue;
      found.push(unknownMatcher(matcher, selector.metric!, labels, world));
    }
  }
  // What these functions and joins add to a series can't be told from the series.
  const makers = [
    ...calls.filter(({ name }) => makesLabels.has(name)),
    ...binaries.filter(({ matching }) => (matching?.group?.include.length ?? 0) > 0),
    ...aggregations.filter(({ name }) => name === "count_values"),
  ];
  // Every grouping looks at every series within it; a monstrous query is left to checks that don't.
  if (aggregations.length * (selectors.length + makers.length) > 100_000) return found;
  for (const { grouping, expr } of aggregations) {
    if (!grouping || grouping.without) continue;
    const inside = (node: { from: number; to: number }) => node.from >= expr.from && node.to <= expr.to;
    const within = selectors.filter(inside);
    const sets = within.map((selector) => labelsOf.get(selector));
    if (within.length === 0 || makers.some(inside) || sets.some((labels) => labels === undefined)) continue;
    const all = new Set(sets.flatMap((labels) => [...labels!]));
    for (const { name, from } of grouping.labels) {
      if (all.has(name) || name === "__name__" || name.includes(anyValue)) continue;
      const metrics = [...new Set(within.map(({ metric }) => metric!))];
      found.push({
        severity: severityIn(world, "error"),
        what: `Grouped by ${name}, a label that ${oneOf(metrics)} does not have.`,
        why: "Everything ends up in one group, without that label.",
        next: labelHint(name, all),
        at: from,
      });
    }
  }
  return found;
}

/**
 * Metrics that a query selects and that only the contract knows, or a program that is not part of this stack as well: nothing
 * produces them here.
 */
export function declaredMetrics(
  { selectors }: Analysis,
  world: SeriesWorld,
  records: ReadonlySet<string>,
): { series: KnownSeries; at: number }[] {
  return selectors.flatMap(({ metric, from }) => {
    const series = metric === undefined || records.has(metric) ? undefined : world.catalog.find(metric);
    return series?.producers.some(({ pending }) => pending) &&
      series.producers.every(({ pending, jobs }) => pending || jobs?.every((job) => world.absent.has(job)))
      ? [{ series, at: from }]
      : [];
  });
}

/** Functions whose results have labels that their arguments don't. */
const makesLabels = new Set(["label_replace", "label_join", "info", "absent", "absent_over_time"]);

/** A metric of a program that could not be recorded. */
function unverified(metric: string, program: string): Omit<SeriesFinding, "at"> {
  return {
    severity: "notice",
    what: `Whether ${program} exposes ${metric} isn't known.`,
    why: `Its metrics could not be recorded where obs was built; only a few are listed.`,
  };
}

/** A metric that is known, but not from the job that the selector names, or from no program of this stack. */
function misplaced(
  series: KnownSeries,
  selector: Selector,
  world: SeriesWorld,
): Omit<SeriesFinding, "at"> | undefined {
  const { ownJobs, absent, scrapeJobs, catalog } = world;
  const jobs = jobsOf(selector);
  if (jobs && isPerTarget(series.name)) return notScraped(series, jobs, scrapeJobs, absent);
  const misspelt = misspeltJob(series, jobs, world);
  if (misspelt) {
    return {
      severity: "error",
      what: `Nothing is scraped as job ${misspelt.job}.`,
      why: "No series can ever match, so this never gives a result.",
      next: `Did you mean ${misspelt.meant}?`,
    };
  }
  const programs = [...new Set(series.producers.map(({ program }) => program))];
  const recorded = (job: string) => ownJobs.has(job) || catalog.hasJob(job);
  if (jobs?.every(recorded) && producersFor(series, jobs).length === 0) {
    return {
      severity: "error",
      what: `${oneOf(jobs)} does not expose ${series.name}.`,
      why: "No series can ever match, so this never gives a result.",
      next: `It comes from ${oneOf(programs)}.`,
    };
  }
  if (series.producers.every(({ jobs: from }) => from?.every((job) => absent.has(job)))) {
    return {
      severity: "notice",
      what: `${series.name} comes from ${oneOf(programs)}, which is not part of this stack.`,
      why: "Without that program this never gives a result.",
    };
  }
  return undefined;
}

/** Only what is scraped has `up`; what applications send over OTLP has not. */
function notScraped(
  { name }: KnownSeries,
  jobs: readonly string[],
  scrapeJobs: ReadonlySet<string>,
  absent: ReadonlySet<string>,
): Omit<SeriesFinding, "at"> | undefined {
  const missing = jobs.filter((job) => !scrapeJobs.has(job));
  if (missing.length < jobs.length) return undefined;
  const meant = didYouMean(missing[0]!, [...scrapeJobs]);
  return {
    severity: missing.every((job) => absent.has(job)) ? "notice" : "warning",
    what: `This stack has no scrape job ${oneOf(missing)}, and so no series of ${name} for it.`,
    why: "Applications that send over OTLP aren't scraped: whether they are up can be told only by what they send.",
    next: meant ? `Did you mean ${meant}?` : `There are ${[...scrapeJobs].sort().join(", ")}.`,
  };
}

/** A single job that nobody knows, nearly called like one that exposes the series, as nobody else does. */
function misspeltJob(
  series: KnownSeries,
  jobs: readonly string[] | undefined,
  { ownJobs, catalog, scrapeJobs }: SeriesWorld,
): { job: string; meant: string } | undefined {
  const [job] = jobs ?? [];
  if (job === undefined || jobs?.length !== 1 || producersFor(series, jobs).length > 0) return undefined;
  if (ownJobs.has(job) || catalog.hasJob(job) || scrapeJobs.has(job)) return undefined;
  const meant = didYouMean(
    job,
    series.producers.flatMap((producer) => producer.jobs ?? []),
  );
  return meant === undefined ? undefined : { job, meant };
}

function unknown(
  metric: string,
  selector: Selector,
  { catalog, ownJobs, unrecordedJobs }: SeriesWorld,
  records: ReadonlySet<string>,
): Omit<SeriesFinding, "at"> {
  const jobs = jobsOf(selector);
  const own = jobs?.every((job) => ownJobs.has(job)) === true;
  const meant = catalog.suggest(metric, jobs && own ? jobs : undefined) ?? didYouMean(metric, [...records]);
  const strangers = (jobs ?? []).filter((job) => !ownJobs.has(job) && !catalog.hasJob(job));
  // Whoever can't be looked at may well produce it.
  const open = jobs ? strangers : unrecordedJobs;
  const record = (names: readonly string[]) => `\`obs catalog record --job ${names[0]}\``;
  if (open.length > 0) {
    return {
      severity: "notice",
      what: `Nothing known produces ${metric}.`,
      why: `It may come from ${oneOf(open)}, of which nothing is recorded.`,
      next: `${meant ? `Did you mean ${meant}? If not, ` : ""}${meant ? "r" : "R"}un ${record(open)} while it is up, so that this is checked.`,
    };
  }
  if (jobs) {
    return {
      severity: "error",
      what: `${oneOf(jobs)} does not expose ${metric}.`,
      why: "No series can ever match, so this never gives a result.",
      next: meant
        ? `Did you mean ${meant}?`
        : own
          ? "`obs catalog list` shows what there is."
          : `If it is new, run ${record(jobs)} again.`,
    };
  }
  return {
    // An application may send metrics of its own over OTLP, of which nobody can know: only a name that is nearly one of
    // the stack's is surely wrong, and worth keeping a stack from starting.
    severity: meant ? "error" : "warning",
    what: `Nothing in this stack produces ${metric}.`,
    why: meant
      ? "No series can ever match, so this never gives a result."
      : "Unless an application of yours sends it, no series can ever match, and this never gives a result.",
    next: meant
      ? `Did you mean ${meant}?`
      : "If a program of yours does, record it with `obs catalog record` while it is up, or declare it in catalog/ (see docs/catalog.md).",
  };
}

/** Labels that the selected series may have; undefined where that isn't known for sure. */
function labelsFor(
  selector: Selector,
  { catalog }: SeriesWorld,
  records: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  const { metric } = selector;
  if (metric === undefined || records.has(metric)) return undefined;
  return catalog.labelsOf(metric, jobsOf(selector));
}

function unknownMatcher(
  { label, operator, value, from }: Matcher,
  metric: string,
  labels: ReadonlySet<string>,
  world: SeriesWorld,
): SeriesFinding {
  const harmless =
    operator === "!="
      ? value !== ""
      : operator === "="
        ? value === ""
        : operator === "!~"
          ? value !== "" && !/^\.[*+]$/.test(value)
          : value === ".*" || value === "";
  return {
    severity: severityIn(world, harmless ? "warning" : "error"),
    what: `${metric} has no label ${label}.`,
    why: harmless
      ? "A missing label counts as empty, so this leaves nothing out."
      : "A missing label counts as empty, so no series can ever match.",
    next: labelHint(label, labels),
    at: from,
  };
}

/** Where programs run of which nothing is recorded, they may expose the same metric with other labels. */
function severityIn({ unrecordedJobs }: SeriesWorld, severity: Severity): Severity {
  return unrecordedJobs.length > 0 ? "notice" : severity;
}

function labelHint(label: string, labels: ReadonlySet<string>): string {
  const known = [...labels].sort();
  const meant = didYouMean(label, known);
  return meant ? `Did you mean ${meant}?` : `It has ${known.join(", ")}.`;
}

/** The jobs that a selector is limited to, where that can be read off it: `job="a"`, `job=~"a|b"`. */
function jobsOf({ matchers }: Selector): string[] | undefined {
  for (const { label, operator, value } of matchers) {
    if (label !== "job" || value.includes(anyValue)) continue;
    if (operator === "=" && value !== "") return [value];
    if (operator === "=~" && /^[\w./-]+(?:\|[\w./-]+)*$/.test(value) && !value.includes("."))
      return value.split("|");
  }
  return undefined;
}

function oneOf(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${names.at(-1)}` : names[0]!;
}

/** The label that a variable lists the values of, where the series it asks don't have it. `label.at` is kept as it is. */
export function unknownAskedLabel(
  { selectors }: Analysis,
  label: { name: string; at: number },
  world: SeriesWorld,
  records: ReadonlySet<string>,
): SeriesFinding | undefined {
  const [selector] = selectors;
  const labels = selector && labelsFor(selector, world, records);
  if (!labels || labels.has(label.name) || /\W/.test(label.name)) return undefined;
  return {
    severity: severityIn(world, "error"),
    what: `${selector.metric} has no label ${label.name}.`,
    why: "The variable has no values to choose from.",
    next: labelHint(label.name, labels),
    at: label.at,
  };
}
