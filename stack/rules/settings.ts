import type { Stack } from "../define.js";

/** What a team agrees on about its rules: `alerting.checks` of its definition. */
export type RuleSettings = Stack["alerting"]["checks"];

/**
 * The severities in common use: page-or-ticket after Google's SRE workbook, critical, warning and info as in the
 * Prometheus and Kubernetes mixins, `none` for an always firing watchdog.
 */
export const commonSeverities = ["critical", "error", "warning", "info", "page", "ticket", "none"];

/** For files of nobody's, and where the definition says nothing: only what holds for everybody. */
export const defaultRuleSettings: RuleSettings = {
  severities: commonSeverities,
  labels: {},
  annotations: {},
  names: {},
  reject: [],
  for: {},
  keepFiringFor: {},
  aggregations: [],
  selectors: [],
};
