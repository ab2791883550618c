import type { Bench } from "./context.js";

/** What one figure came to: every run's value, in the figure's unit. */
export interface Measured {
  values: number[];
  /** Why the verdict is "missed" though the values are within bounds: something was dropped, say. */
  fault?: string;
  /** What was measured along the way and helps to read the values. */
  note?: string;
}

/** One row of the table. */
export interface Figure {
  /** Name for `--only`. */
  id: string;
  title: string;
  unit: "ms" | "MiB" | "KB" | "ratio" | "count";
  /** The bound that the median must keep. */
  must: { atMost: number } | { atLeast: number };
  measure(bench: Bench): Promise<Measured>;
}
