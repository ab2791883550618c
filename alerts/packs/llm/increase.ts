import { braced } from "./subjects.js";

/** A counter, over a window. */
export interface Counted {
  /** Selector without braces, and its matchers. */
  metric: string;
  match?: string;
  by: readonly string[];
  window: string;
}

/** Increase of a counter over a window, summed up: instances and whatever else isn't kept. */
export function increase({ metric, match = "", by, window }: Counted): string {
  return `sum by (${by.join(", ")}) (increase(${metric}${braced(match)}[${window}]))`;
}
