import type { PackFault, RecordCase, RulePack } from "../alerting/define-rules.js";
import type { BurnRateWindows } from "./burn-rates.js";

/**
 * A PromQL query over the last `window`. A function rather than a text with a place-holder: the type checker knows it,
 * nothing has to be escaped, and a query may do with its window what it wants.
 */
export type WindowQuery = (window: string) => string;

/** What is measured: which share of what happens is bad. Queries give rates (or increases) over the window they are asked for. */
export type SloIndicator =
  /** Bad events of all. Without a series of errors there are none. */
  | { errors: WindowQuery; total: WindowQuery }
  /** Good events of all: what isn't good is bad. */
  | { good: WindowQuery; total: WindowQuery }
  /** Events of a histogram that took longer than a threshold. */
  | { latency: LatencyIndicator }
  /** What only shows over five minutes at a time, an average say: then all events of these five minutes are bad, or none. */
  | { slices: SlicesIndicator }
  /** The share of bad events itself, where the events can't be counted. The ratio over the SLO's window is then an average over time. */
  | { raw: WindowQuery };

export interface LatencyIndicator {
  /** A classic histogram, without `_bucket`. */
  histogram: string;
  /** In the histogram's unit. Must be the bound of a bucket: what lies between two bounds can't be counted. */
  threshold: number;
  /** Which of its series, as PromQL matchers: `service_name="checkout"`. */
  match?: string;
  /** Bounds of a histogram of your own; with them the threshold is checked. Those of obs' own histograms are known. */
  buckets?: readonly number[];
}

export interface SlicesIndicator {
  /** What is judged, over five minutes. */
  value: WindowQuery;
  /** More than this is bad. */
  atMost: number;
  /** What happens meanwhile; weighs the slices, so that a quiet night doesn't count as much as a busy hour. */
  events: WindowQuery;
}

/** A service level objective. */
export interface SloInput {
  /** Whose promise it is. */
  service: string;
  /** What is promised, in a word: `availability`. Unique in the service. */
  name: string;
  /** Per cent of events that must be good: 99.9. */
  objective: number;
  /** Over which time, rolling: whole days. Default: 30d. */
  window?: string;
  indicator: SloIndicator;
  /** Who answers for it. */
  owner: string;
  /** The promise in a sentence; alerts carry it. */
  description: string;
  /** UID of the dashboard to look at. */
  dashboard?: string;
  /** When to page and when to make a ticket; an empty list: never. Default: as the Google SRE workbook says. */
  alerts?: { page?: readonly BurnRateWindows[]; ticket?: readonly BurnRateWindows[] };
  /**
   * Events that must have happened in an alert's long window before it may fire; where there are few, one failure burns
   * much. Default: 0, as in the workbook.
   */
  minimumEvents?: number;
  /**
   * Series, and the share of bad events over five minutes that the indicator must make of them. Over every other window the
   * same is asked in slower time (not of slices, which are five minutes each).
   */
  cases?: readonly RecordCase[];
}

/** Something wrong with an SLO, at a key of its input. */
export type SloFault = PackFault;

/** A pack made of an SLO. It has no rules while there are errors among its faults; `obs validate` reports them. */
export interface SloPack extends RulePack {
  readonly slo: { readonly service: string; readonly name: string; readonly window: string };
  readonly faults: readonly SloFault[];
}

/** Whether a pack was made by `slo`. */
export function isSloPack(pack: RulePack): pack is SloPack {
  return "slo" in pack && "faults" in pack;
}
