import type { Series } from "../alerting/define-rules.js";
import { parseDuration } from "../duration.js";
import { analyse } from "../promql/index.js";

/** One series with what it held when. */
export interface DatedSeries {
  /** `__name__` among them. */
  labels: Record<string, string>;
  /** Milliseconds since 1970, ascending, and the value then. */
  samples: [time: number, value: number][];
}

/** A case's series can't be written to a Prometheus. */
export class UnusableSeries extends Error {
  override name = "UnusableSeries";
}

/**
 * Series of a case, in the notation of `promtool test rules`, at real times: the case's time `at` (ms) falls on `now`.
 * What comes later than `until` (ms since 1970) is left out.
 * https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 * Throws UnusableSeries for native histograms and for what isn't that notation.
 */
export function datedSeries(
  series: Series,
  { interval = "1m", at, now, until }: { interval?: string; at: number; now: number; until: number },
): DatedSeries[] {
  const step = parseDuration(interval)!;
  return Object.entries(series).map(([selector, values]) => ({
    labels: labelsIn(selector),
    samples: valuesIn(values)
      .map((value, index): [number, number | undefined] => [now - at + index * step, value])
      .filter((sample): sample is [number, number] => sample[1] !== undefined && sample[0] <= until),
  }));
}

/** A series' labels as its selector names them. */
function labelsIn(text: string): Record<string, string> {
  const { tree } = analyse(text);
  if (tree?.kind !== "selector") throw new UnusableSeries(`${text} names no series`);
  const labels = Object.fromEntries(tree.matchers.map(({ label, value }) => [label, value]));
  return tree.metric === undefined ? labels : { __name__: tree.metric, ...labels };
}

const item = /^([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|inf|nan))(?:([-+])(\d[\d.]*(?:e[-+]?\d+)?))?(?:x(\d+))?$/i;

/** `1+2x3 _ stale`: the values one after the other; undefined where there is none. */
export function valuesIn(text: string): (number | undefined)[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word) => {
      const gap = /^_(?:x(\d+))?$/.exec(word);
      if (gap) return Array.from({ length: Number(gap[1] ?? 1) }, () => undefined);
      // A series that ends is one that isn't written any more.
      if (word === "stale") return [undefined];
      const [, start, sign, step = "0", times] = item.exec(word) ?? [];
      if (start === undefined) throw new UnusableSeries(`${word} is no value that a drill can write`);
      const by = (sign === "-" ? -1 : 1) * Number(step);
      // `ax3` is a and three more.
      return Array.from({ length: Number(times ?? 0) + 1 }, (_, index) => numberOf(start) + index * by);
    });
}

function numberOf(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}
