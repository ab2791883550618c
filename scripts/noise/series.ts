import type { Catalog } from "../../stack/catalog/catalog.js";
import { contract } from "../../stack/catalog/contract.js";
import { labelRegexp, type Matcher, type Selector } from "../../stack/promql/index.js";
import type { SimulatedSeries } from "./behaviour.js";
import { type LabelValue, valuesOf } from "./labels.js";
import { sourcesOf } from "./sources.js";

/** Bounds of histograms that the contract says nothing about: those of OpenTelemetry's HTTP metrics. */
const usualBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Labels with many values are cut: it is not about how many series there are. */
const mostSeries = 200;

/**
 * The series of a metric that a stack of ours would have, as far as any of some selectors finds them. Labels that the
 * rules don't mention aren't there: they would only make more series of the same.
 */
export function seriesFor(
  metric: string,
  { selectors, mentioned }: { selectors: readonly Selector[]; mentioned: ReadonlySet<string> },
  catalog: Catalog,
): SimulatedSeries[] {
  const known = catalog.find(metric);
  const behaves = known?.behaves === "gauge" ? "gauge" : "counter";
  const labels = new Set(
    known?.producers.flatMap((producer) => producer.labels.filter((label) => mentioned.has(label))) ?? [],
  );
  for (const { matchers } of selectors)
    for (const { label, operator } of matchers) if (operator === "=" || operator === "=~") labels.add(label);
  labels.delete("le");
  labels.delete("__name__");
  const base = metric.replace(/_(?:bucket|sum|count)$/, "");
  const bounds = contract.find(({ name }) => name === base)?.buckets ?? usualBounds;
  return sourcesOf(metric).flatMap((source) => {
    const open = [...labels].filter((label) => !(label in source.labels));
    const own = Object.fromEntries(
      Object.entries(source.labels).filter(([label]) => labels.has(label) || isTarget(label)),
    );
    const of = metric.endsWith("_errors_total") ? ("errors" as const) : undefined;
    let series: SimulatedSeries[] = [{ metric, behaves, source, labels: own, share: 1, ...(of && { of }) }];
    for (const label of open) {
      const values = valuesOf(label, askedFor(label, selectors));
      if (values.length > 0)
        series = series.flatMap((each) => values.flatMap((value) => withLabel(each, label, value)));
    }
    if (metric.endsWith("_bucket"))
      series = series.flatMap((each) =>
        [...bounds, Number.POSITIVE_INFINITY].map((bound) => ({
          ...each,
          labels: { ...each.labels, le: asBound(bound) },
        })),
      );
    return series
      .filter((each) =>
        selectors.some(({ matchers }) => matchers.every((matcher) => matches(each.labels, matcher))),
      )
      .slice(0, mostSeries);
  });
}

/** Every scraped series has them, whatever the catalogue says. */
function isTarget(label: string): boolean {
  return label === "job" || label === "instance";
}

/** The series with one label more; none where another label says already that its calls went otherwise. */
function withLabel(
  series: SimulatedSeries,
  label: string,
  { value, share, of }: LabelValue,
): SimulatedSeries[] {
  if (of && series.of && of !== series.of) return [];
  const labels = value === "" ? series.labels : { ...series.labels, [label]: value };
  return [{ ...series, labels, share: series.share * share, ...(of && { of }) }];
}

/** Values that rules compare a label with. */
function askedFor(label: string, selectors: readonly Selector[]): string[] {
  const values = selectors.flatMap(({ matchers }) =>
    matchers.flatMap((matcher) => {
      if (matcher.label !== label || matcher.value === "") return [];
      if (matcher.operator === "=") return [matcher.value];
      return matcher.operator === "=~" && /^[\w|-]+$/.test(matcher.value) ? matcher.value.split("|") : [];
    }),
  );
  return [...new Set(values)];
}

/** As Prometheus writes the bounds of histograms sent by OTLP: `10.0`. */
function asBound(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return "+Inf";
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function matches(labels: Readonly<Record<string, string>>, { label, operator, value }: Matcher): boolean {
  if (label === "__name__") return true;
  const own = labels[label] ?? "";
  if (operator === "=" || operator === "!=") return (own === value) === (operator === "=");
  const pattern = labelRegexp(value);
  return typeof pattern === "string" || pattern.matches(own) === (operator === "=~");
}
