/**
 * What a counter of failures has counted in a window. Many of them come into being with their first failure, which
 * `increase` can't see: it knows no value before. A series that wasn't there in the hour before the window counts with its
 * whole value.
 */
export function counted(selector: string, window: string): string {
  return `(${selector} unless max_over_time(${selector}[1h] offset ${window}) or increase(${selector}[${window}]))`;
}

/** What the collector calls the things it counts, by signal. */
const items = { traces: "spans", metrics: "metric_points", logs: "log_records" } as const;

/** One expression for all three signals, told apart by `label`: `of` is given the ending of the metrics' names. */
export function bySignal(of: (items: string) => string, label = "signal"): string {
  return Object.entries(items)
    .map(([signal, noun]) => `label_replace(${of(`${noun}_total`)}, "${label}", "${signal}", "", "")`)
    .join("\nor\n");
}

/** Labels of a program of the stack. */
export const by = "job, instance, deployment_environment_name";

/** How alerts end when their program is gone. */
export const gone = "the program is gone: StackComponentDown tells";
