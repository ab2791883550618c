import type { AlertCase } from "obs-stack";

/**
 * What a counter of failures has counted in a window. Many of them come into being with their first failure, which
 * `increase` can't see: it knows no value before. So a series that is younger than the window counts with its whole value.
 */
export function counted(selector: string, window: string): string {
  return `(${selector} unless ${selector} offset ${window} or increase(${selector}[${window}]))`;
}

/** What the collector calls the things it counts, by signal. */
const items = { traces: "spans", metrics: "metric_points", logs: "log_records" } as const;

/**
 * One expression for all three signals, told apart by the label that the collector's own queues have: `of` is given the
 * ending of the metrics' names.
 */
export function bySignal(of: (items: string) => string): string {
  return Object.entries(items)
    .map(([signal, noun]) => `label_replace(${of(`${noun}_total`)}, "data_type", "${signal}", "", "")`)
    .join("\nor\n");
}

/** Labels of a program of the stack. */
export const by = "job, instance, deployment_environment_name";

/** How alerts end when their program is gone. */
export const gone = "the program is gone: StackComponentDown tells";

/** A program of the stack as the cases have it: as matchers, and as the labels of an alert about it. */
export function program(job: string) {
  const labels = { job, instance: `${job}:1`, deployment_environment_name: "production" };
  const matchers = Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ");
  return { labels, matchers };
}

export interface Counter {
  /** The counter as matchers have it. */
  series: string;
  /** Labels of the alert about it. */
  firing: Record<string, string>;
}

export interface CounterRule {
  /** Minutes of the rule's window, and of its `for`. */
  window: number;
  for: number;
  /** Whether the rule sees the first failure, which makes the series. */
  first?: boolean;
}

/** Cases of an alert about counters of failures, all at once: each makes an alert of its own. */
export function counterCases(
  counters: readonly Counter[],
  { window, for: wait, first }: CounterRule,
): AlertCase[] {
  const series = (values: string) => Object.fromEntries(counters.map((each) => [each.series, values]));
  const firing = counters.map((each) => each.firing);
  const every = window - 2;
  const seldom = Array.from({ length: 80 }, (_, minute) => 100 + Math.floor(minute / every)).join(" ");
  const just = every * Math.ceil(40 / every) - 1;
  return [
    {
      kind: "fires",
      name: `one every ${every} minutes`,
      series: series(seldom),
      firing: { [`${just}m`]: firing },
    },
    {
      kind: "fires",
      name: "however few they are",
      series: series(`100x20 100+${0.9 / window}x60`),
      firing: { "20m": false, ...(wait > 0 && { [`${20 + wait}m`]: false }), "40m": firing },
    },
    first
      ? {
          kind: "fires",
          name: "the first, which makes the series",
          series: series("_x10 3x60"),
          firing: {
            "9m": false,
            ...(wait > 0 && { [`${9 + wait}m`]: false }),
            [`${11 + wait}m`]: firing,
            [`${11 + window}m`]: false,
          },
        }
      : {
          kind: "fires",
          name: "the first make the series, and more follow",
          series: series("_x10 3+3x60"),
          firing: { "9m": false, [`${9 + wait}m`]: false, [`${12 + wait}m`]: firing },
        },
    {
      kind: "quiet",
      name: "those of long ago, and a program that starts anew",
      series: series("7x60 0x60"),
      firing: { "30m": false, "59m": false, "62m": false, "80m": false, "110m": false },
    },
    {
      kind: "resolves",
      name: "no more of them",
      series: series("100+1x30 130x60"),
      firing: { "30m": firing, [`${31 + window}m`]: false },
    },
    {
      kind: "no data",
      name: "the program is gone (StackComponentDown tells); there is no count before anything failed",
      series: series("_x10 100+1x30 stale"),
      firing: { "5m": false, "40m": firing, [`${41 + window}m`]: false },
    },
  ];
}

/** Counters of all three signals: `of` is given the ending of their names. */
export function countersBySignal(of: (items: string) => string, firing: Counter["firing"]): Counter[] {
  return Object.entries(items).map(([signal, noun]) => ({
    series: of(`${noun}_total`),
    firing: { ...firing, data_type: signal },
  }));
}
