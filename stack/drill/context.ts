import type { Stack } from "../define.js";
import type { Runtime } from "../runtime/runtime.js";

/** What every part of a drill needs. */
export interface DrillContext {
  stack: Stack;
  runtime: Runtime;
  /** Value of the label `drill` of all its alerts; unique. */
  id: string;
  signal: AbortSignal;
  /** How long one hop may take, in ms. */
  limitMs: number;
}
