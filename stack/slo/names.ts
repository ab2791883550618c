/** Name of the alert that wakes somebody: the budget burns so fast that it won't wait until tomorrow. */
export const fastBurnAlert = "SloBurnFast";

/** Name of the alert that makes a ticket: the budget burns slowly, and will still not last. */
export const slowBurnAlert = "SloBurnSlow";

/**
 * Names of the recorded series, `level:metric:operations`. They follow the community's convention, so that dashboards
 * made for SLOs by Sloth need little change: https://sloth.dev/usage/rules/
 */
export const sloRecords = {
  /** Share of events that were bad, over a window. */
  errorRatio: (window: string) => `slo:sli_error:ratio_rate${window}`,
  /** Bad events a second, and all events a second: what a ratio over the SLO's window is summed up from. */
  errors: "slo:sli_errors:rate5m",
  events: "slo:sli_events:rate5m",
  /** How many events there were in a window; for alerts that need a minimum of them. */
  eventCount: (window: string) => `slo:sli_events:increase${window}`,
  objective: "slo:objective:ratio",
  errorBudget: "slo:error_budget:ratio",
  days: "slo:time_period:days",
  /** 1, with labels that say what people want to know: objective, window, owner. */
  info: "slo:definition:info",
  /** How many times faster than the SLO allows the budget burnt in the last hour. */
  currentBurnRate: "slo:current_burn_rate:ratio",
  /** The same over the SLO's window: 1 has used it up. */
  periodBurnRate: "slo:period_burn_rate:ratio",
  /** Share of the error budget that is left; negative when more was used than there was. */
  budgetRemaining: "slo:period_error_budget_remaining:ratio",
} as const;

/** Records that no rule needs: `obs slo report` asks for them, and dashboards do. */
export const reportedRecords: ReadonlySet<string> = new Set([
  sloRecords.currentBurnRate,
  sloRecords.budgetRemaining,
  sloRecords.objective,
  sloRecords.errorBudget,
  sloRecords.days,
  sloRecords.info,
]);

/** `{service="…", slo="…"}`; neither can hold a quote. */
export function sloSelector(id: { service: string; name: string }): string {
  return `{service="${id.service}", slo="${id.name}"}`;
}
