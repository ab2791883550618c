/** What a team agrees on about its rules. */
export interface RuleSettings {
  /** Values of the label `severity` that mean something to whoever routes alerts. */
  severities: readonly string[];
}

/**
 * The severities in common use: page-or-ticket after Google's SRE workbook, critical, warning and info as in the
 * Prometheus and Kubernetes mixins, `none` for an always firing watchdog.
 */
export const defaultRuleSettings: RuleSettings = {
  severities: ["critical", "error", "warning", "info", "page", "ticket", "none"],
};
