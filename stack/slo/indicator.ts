import { bucketMatcher } from "./buckets.js";
import { milliseconds } from "./burn-rates.js";
import type { LatencyIndicator, SloIndicator, WindowQuery } from "./define-slo.js";
import { sloRecords } from "./names.js";
import { plainNumber } from "./numbers.js";

/** An indicator as the expressions of recording rules. `selector` chooses the SLO's own records. */
export interface IndicatorRules {
  /** Bad and all events a second, over five minutes; undefined where events can't be counted. */
  rates?: { errors: string; events: string };
  /** The share of bad events over a window. */
  ratio(window: string): string;
  /** The same over the SLO's window, from what was recorded: as cheap as it is long. */
  periodRatio(window: string): string;
  /** How many events there were; undefined where they can't be counted. */
  eventCount?(window: string): string;
}

/**
 * Reads an indicator. An absent series of errors counts as no error, one of good events as none good; and without any event
 * there is no share at all.
 */
export function indicatorRules(indicator: SloIndicator, selector: string): IndicatorRules {
  const overTime = (record: string, window: string) => `sum_over_time(${record}${selector}[${window}])`;
  // Every event is in as many samples of the five minutes' rates as any other, so this weighs by traffic, exactly but for
  // the five minutes at the window's beginning.
  const summedUp = (window: string) =>
    `${overTime(sloRecords.errors, window)} / (${overTime(sloRecords.events, window)} > 0)`;
  const fromRates = `${sloRecords.errors}${selector} / (${sloRecords.events}${selector} > 0)`;

  if ("raw" in indicator) {
    return {
      // NaN, the share of nothing, is left out: it would spoil every average it is in.
      ratio: (window) => `(${indicator.raw(window)}) >= 0`,
      periodRatio: (window) => `avg_over_time(${sloRecords.errorRatio("5m")}${selector}[${window}])`,
    };
  }
  if ("slices" in indicator) {
    const { value, events, atMost } = indicator.slices;
    const all = perSecond(events, "5m");
    return {
      rates: {
        errors: `(${all}) * ((${value("5m")}) > bool ${plainNumber(atMost)}) or (${all}) * 0`,
        events: all,
      },
      ratio: (window) => (window === "5m" ? fromRates : summedUp(window)),
      periodRatio: summedUp,
      eventCount: (window) => counted(events, window),
    };
  }
  if ("latency" in indicator) {
    // A histogram has all its buckets from the beginning: where this one is missing, its bound is no bound, and to take that
    // for slow answers would be wrong.
    const { good, total } = latencyQueries(indicator.latency);
    return {
      rates: { errors: `${total("5m")} - ${good("5m")}`, events: total("5m") },
      ratio: (window) => (window === "5m" ? fromRates : `1 - ${good(window)} / (${total(window)} > 0)`),
      periodRatio: summedUp,
      eventCount: (window) => counted(total, window),
    };
  }
  const { total, ...part } = indicator;
  const all = perSecond(total, "5m");
  return {
    rates:
      "errors" in part
        ? { errors: `(${perSecond(part.errors, "5m")}) or (${all}) * 0`, events: all }
        : { errors: `(${all}) - ((${perSecond(part.good, "5m")}) or (${all}) * 0)`, events: all },
    ratio(window) {
      if (window === "5m") return fromRates;
      const some = `((${total(window)}) > 0)`;
      return "errors" in part
        ? `(${part.errors(window)}) / ${some} or ${some} * 0`
        : `1 - (${part.good(window)}) / ${some} or ${some} * 0 + 1`;
    },
    periodRatio: summedUp,
    eventCount: (window) => counted(total, window),
  };
}

/** The queries that count a histogram's fast events, and all of them. */
export function latencyQueries({ histogram, threshold, match }: LatencyIndicator): {
  good: WindowQuery;
  total: WindowQuery;
} {
  const matchers = (...more: string[]) => {
    const all = [...(match?.trim() ? [match.trim()] : []), ...more];
    return all.length > 0 ? `{${all.join(", ")}}` : "";
  };
  return {
    good: (window) => `sum(rate(${histogram}_bucket${matchers(bucketMatcher(threshold))}[${window}]))`,
    total: (window) => `sum(rate(${histogram}_count${matchers()}[${window}]))`,
  };
}

/** Whether a query gives events a second; else it gives those of its window. */
function isRate(query: string): boolean {
  return /\bi?rate\s*\(/.test(query);
}

function perSecond(query: WindowQuery, window: string): string {
  const text = query(window);
  return isRate(text) ? text : `(${text}) / ${milliseconds(window) / 1000}`;
}

function counted(query: WindowQuery, window: string): string {
  const text = query(window);
  return isRate(text) ? `(${text}) * ${milliseconds(window) / 1000}` : text;
}
