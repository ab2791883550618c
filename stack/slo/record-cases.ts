import type { RecordCase, Series } from "../alerting/define-rules.js";
import { parseDuration } from "../duration.js";
import { analyse } from "../promql/index.js";
import { bucketLabels } from "./buckets.js";
import { errorBudget, milliseconds } from "./burn-rates.js";
import { sloRecords, sloSelector } from "./names.js";
import { exact, plainNumber } from "./numbers.js";
import type { SoundSlo } from "./rules.js";

/**
 * What a record of the error ratio makes of series: those of the input, and of latencies, where the series are known. They
 * are written for five minutes; over a longer window the same happens, only slower.
 */
export function ratioCases(slo: SoundSlo, window: string): RecordCase[] {
  const latency = latencyCases(slo);
  const own = slo.cases ?? [];
  if (window === "5m") return [...latency, ...own, ...("raw" in slo.indicator ? [] : [nowCase(slo)])];
  if ("slices" in slo.indicator) return [summedUpCase(slo, window)];
  return [...latency.slice(0, 1), ...own].map((each) => slower(each, window));
}

/** What the ratio over the SLO's window makes of what was recorded. */
export function periodCases(slo: SoundSlo): RecordCase[] {
  if (!("raw" in slo.indicator)) return [summedUpCase(slo, slo.window)];
  const step = milliseconds(slo.window) / 10;
  return [
    {
      name: "the average of what was recorded within the window",
      interval: `${step}ms`,
      series: withOthers(slo, { [sloRecords.errorRatio("5m")]: "0x8 1x4" }),
      gives: { [`${step * 12}ms`]: { [sloSelector(slo)]: 0.4 } },
    },
  ];
}

/** What a record makes of another record's value. */
export function derivedCase(slo: SoundSlo, from: string, value: number, becomes: number): RecordCase {
  return {
    name: `of ${plainNumber(value)}`,
    series: withOthers(slo, { [from]: plainNumber(value) }),
    gives: { "0m": { [sloSelector(slo)]: becomes } },
  };
}

/** What a burn rate is of an error ratio: half the budget, half a burn rate. */
export function burnRateCase(slo: SoundSlo, from: string): RecordCase {
  return derivedCase(slo, from, exact(errorBudget(slo.objective) / 2), 0.5);
}

function nowCase(slo: SoundSlo): RecordCase {
  return {
    name: "bad events a second by all events a second, however few",
    series: withOthers(slo, { [sloRecords.errors]: "0.1 0", [sloRecords.events]: "0.4 0" }),
    gives: { "0m": { [sloSelector(slo)]: 0.25 }, "1m": {} },
  };
}

/** Few events, of which some were bad lately: no other length of time gives the same. */
function summedUpCase(slo: SoundSlo, window: string): RecordCase {
  const step = milliseconds(window) / 10;
  return {
    name: "bad events by all events within the window, weighed by how many there were",
    interval: `${step}ms`,
    series: withOthers(slo, { [sloRecords.errors]: "0x8 0.01x4", [sloRecords.events]: "0.02x12" }),
    gives: { [`${step * 12}ms`]: { [sloSelector(slo)]: 0.2 } },
  };
}

/** Records of an SLO, and of others that have nothing to do with it. */
function withOthers(slo: SoundSlo, values: Series): Series {
  const others = [
    { service: `${slo.service}-other`, name: slo.name },
    { service: slo.service, name: `${slo.name}-other` },
  ];
  return Object.fromEntries(
    Object.entries(values).flatMap(([record, text]) => [
      [record + sloSelector(slo), text],
      ...others.map((other) => [record + sloSelector(other), "0.9x20"]),
    ]),
  );
}

/** A case of five minutes at the pace of another window. */
function slower(each: RecordCase, window: string): RecordCase {
  const interval = milliseconds(each.interval ?? "1m");
  const slow = (ms: number) => `${Math.round((ms * milliseconds(window)) / 300_000)}ms`;
  return {
    ...each,
    name: `${each.name} (over ${window})`,
    interval: slow(interval),
    gives: Object.fromEntries(
      Object.entries(each.gives).map(([at, samples]) => [slow(parseDuration(at)!), samples]),
    ),
  };
}

/** What becomes of a histogram; nothing where its series can't be told from its matchers. */
function latencyCases(slo: SoundSlo): RecordCase[] {
  if (!("latency" in slo.indicator)) return [];
  const { histogram, threshold, match = "" } = slo.indicator.latency;
  const matchers = analyse(`x{${match}}`).selectors[0]?.matchers ?? [];
  if (matchers.some(({ operator }) => operator !== "=")) return [];
  const labels = matchers.map(({ label, value }) => `${label}=${JSON.stringify(value)}`);
  const series = (suffix: string, ...more: string[]) =>
    `${histogram}_${suffix}{${[...labels, ...more].join(",")}}`;
  // Once for each way in which Prometheus writes the bound.
  return bucketLabels(threshold).map((le) => ({
    name: `of late half are slower than ${plainNumber(threshold)}, le="${le}"`,
    series: {
      [series("bucket", `le="${le}"`)]: "0 12 24 36 48 60 72 84 96 102 108",
      [series("bucket", 'le="+Inf"')]: "0+12x10",
      [series("count")]: "0+12x10",
    },
    gives: { "10m": { [sloSelector(slo)]: 0.25 } },
  }));
}
