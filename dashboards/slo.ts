import { ratio } from "./expressions.js";
import {
  above,
  dashboard,
  firingAlerts,
  promql,
  row,
  section,
  stat,
  table,
  timeseries,
  variable,
} from "./lib/index.js";
import { limits } from "./limits.js";

const of = (record: string) => `${record}{service=~"$service", slo=~"$slo"}`;
const each = (record: string) => `min by (service, slo) (${of(record)})`;
const legend = "{{service}} {{slo}}";
const remaining = "slo:period_error_budget_remaining:ratio";
const burning = "slo:current_burn_rate:ratio";
const nothingPromised = "nothing is promised yet: `slo(...)` in `alerting.packs`.";
const nothingHappened = "nothing happened that the promises are about.";

/** Is what was promised kept, and how long will the budgets last? */
export const sloBudgets = () =>
  dashboard({
    uid: "slo",
    title: "SLOs and error budgets",
    description: "Is what was promised kept, and how long will the error budgets last?",
    variables: [
      variable({ name: "service", title: "Service", metric: "slo:definition:info" }),
      variable({ name: "slo", title: "SLO", metric: 'slo:definition:info{service=~"$service"}' }),
    ],
    alerts: "SloBurn.*",
    range: "24h",
    refresh: "1m",
    rows: [
      row(
        4,
        stat({
          title: "Budgets used up",
          description: "Promises that are broken over their window.",
          whenRed: "Stop risky changes to that service until it recovers; that is what a budget is for.",
          mayBeEmpty: nothingPromised,
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql(`sum(${each(remaining)} <= bool 0)`)],
        }),
        stat({
          title: "Least budget left",
          description: "Of the error budget that is nearest to its end, what is left.",
          whenRed: "See below when it was burnt: in one incident, or little by little.",
          mayBeEmpty: nothingHappened,
          unit: "ratio",
          sparkline: true,
          thresholds: limits.errorBudget,
          queries: [promql(`min(${of(remaining)})`)],
        }),
        stat({
          title: "Fastest burn of the last hour",
          description: "How many times faster than allowed a budget burns now.",
          whenRed: "People are paged at 14.4: something fails now. Open the page of that service.",
          mayBeEmpty: nothingHappened,
          unit: "times",
          sparkline: true,
          thresholds: limits.burnRate,
          queries: [promql(`max(${of(burning)})`)],
        }),
        stat({
          title: "Promises",
          description: "How many SLOs there are.",
          whenRed: "Fewer than yesterday: one was taken out of the definition.",
          mayBeEmpty: nothingPromised,
          unit: "count",
          queries: [promql(`count(${each("slo:definition:info")})`)],
        }),
      ),
      row(
        9,
        table({
          title: "Every SLO",
          description:
            "The promise, what is left of its budget, and how fast it burns. `obs slo report` has it in time and events.",
          whenRed: "Start with what burns fast; a low budget that doesn't burn is history.",
          mayBeEmpty: nothingPromised,
          by: { service: "Service", slo: "SLO" },
          sortBy: "Burn, last hour",
          values: [
            { title: "Objective", unit: "ratio", promql: each("slo:objective:ratio") },
            { title: "Days", unit: "count", promql: each("slo:time_period:days") },
            { title: "Budget left", unit: "ratio", promql: each(remaining), thresholds: limits.errorBudget },
            { title: "Burn, last hour", unit: "times", promql: each(burning), thresholds: limits.burnRate },
            {
              title: "Burn, window",
              unit: "times",
              promql: each("slo:period_burn_rate:ratio"),
              thresholds: above({ critical: 1 }),
            },
          ],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Budget left",
          description: "Share of each error budget that is left; below zero more was used than there was.",
          whenRed: "A steep fall is an incident: its begin is when something changed.",
          mayBeEmpty: nothingHappened,
          unit: "ratio",
          signed: true,
          max: 1,
          thresholds: limits.errorBudget,
          queries: [promql(each(remaining), legend)],
        }),
        timeseries({
          title: "Burn rate",
          description:
            "How many times faster than allowed each budget burns, over the last hour. At 1 it just lasts.",
          whenRed: "Above 14.4 for an hour pages, above 3 for a day makes a ticket.",
          mayBeEmpty: nothingHappened,
          unit: "times",
          thresholds: limits.burnRate,
          queries: [promql(each(burning), legend)],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Bad events",
          description: "Share of events that were bad, over five minutes.",
          whenRed: "This is what people feel now; whether it matters, the burn rate says.",
          mayBeEmpty: nothingHappened,
          unit: "ratio",
          queries: [promql(each("slo:sli_error:ratio_rate5m"), legend)],
        }),
        firingAlerts("SloBurn.*"),
      ),
    ],
    sections: [
      section(
        "Events",
        row(
          8,
          timeseries({
            title: "Events per second",
            description: "What each promise is measured by.",
            whenRed: "Nothing at all: the promise can't be judged; is the service up?",
            mayBeEmpty: "nothing happened, or the indicator is a ratio and counts no events.",
            unit: "perSecond",
            queries: [promql(each("slo:sli_events:rate5m"), legend)],
          }),
          timeseries({
            title: "Bad share of all events",
            description: "Bad events of all promises of a service together.",
            whenRed: "A rise of all at once is something they share.",
            mayBeEmpty: "nothing happened, or the indicator is a ratio and counts no events.",
            unit: "ratio",
            queries: [
              promql(
                ratio(
                  `sum by (service) (${of("slo:sli_errors:rate5m")})`,
                  `sum by (service) (${of("slo:sli_events:rate5m")})`,
                ),
                "{{service}}",
              ),
            ],
          }),
        ),
      ),
    ],
  });
