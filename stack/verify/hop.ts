import type { Problem } from "../validate/problem.js";

/** One leg of the way that `obs verify` proves, as it is shown: a line, a time, and what to do when it failed. */
export interface Hop {
  /** Stable kebab-case name, e.g. `trace-stored`. */
  id: string;
  /** The claim that was tried, in a few words: `trace in Jaeger, all its spans`. */
  title: string;
  /** `skipped`: it could not be tried, because a hop that it builds on failed. */
  state: "running" | "passed" | "failed" | "skipped";
  /** Milliseconds that it took; 0 while running. */
  ms: number;
  /** What was found, or why it was skipped, in a few words. */
  detail?: string;
  /** Why it failed and the next step; also among the problems of the whole. */
  problem?: Problem;
}
