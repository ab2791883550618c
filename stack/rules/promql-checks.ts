import type { RuleCheck } from "./check.js";
import { promqlAbsent } from "./checks/promql-absent.js";
import { promqlBool } from "./checks/promql-bool.js";
import { promqlCardinality } from "./checks/promql-cardinality.js";
import { promqlComparison } from "./checks/promql-comparison.js";
import { promqlCounter } from "./checks/promql-counter.js";
import { promqlFragile } from "./checks/promql-fragile.js";
import { promqlHistogram } from "./checks/promql-histogram.js";
import { promqlImpossible } from "./checks/promql-impossible.js";
import { promqlNan } from "./checks/promql-nan.js";
import { promqlPerformance } from "./checks/promql-performance.js";
import { promqlRate } from "./checks/promql-rate.js";
import { promqlRegexp } from "./checks/promql-regexp.js";
import { promqlSyntax } from "./checks/promql-syntax.js";
import { promqlTime } from "./checks/promql-time.js";
import { promqlVectorMatching } from "./checks/promql-vector-matching.js";

/** Checks of PromQL: whether Prometheus takes a query, and whether it says what was meant. */
export const promqlChecks: readonly RuleCheck[] = [
  promqlSyntax,
  // Can it ever find anything, or be quiet?
  promqlComparison,
  promqlImpossible,
  promqlAbsent,
  promqlVectorMatching,
  // Are numbers what they seem?
  promqlRate,
  promqlCounter,
  promqlHistogram,
  promqlRegexp,
  promqlBool,
  promqlNan,
  promqlTime,
  // What does it cost?
  promqlCardinality,
  promqlFragile,
  promqlPerformance,
];
