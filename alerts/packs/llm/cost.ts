import { type AlertCase, alert, type RuleGroupInput, record } from "obs-stack";
import { counter, gauge, missing, type Phase, series, stepsOf } from "./cases.js";
import { increase } from "./increase.js";
import type { CallLabel, Labels } from "./subjects.js";

/** When spending is told of; `false` leaves an alert out. Money is in US dollars, as `llm_cost_total` is. */
export interface CostOptions {
  /**
   * Spending above a multiple of the daily average. The last 24 hours are compared with the mean of the 24-hour sums of the seven
   * days before: both hold a whole day, so neither a morning nor a weekday is an alarm (a peak hour alone is often twice the
   * average). Defaults: critical above 2 times, at 10 USD a day and more, with a history of four days (below it, a weekend
   * may be all there is), for the whole spending. `by` asks it of each feature, model, provider or team.
   */
  dailyCost?: { critical?: number; minimumUsd?: number; by?: readonly CallLabel[] } | false;
  /**
   * The fast companion: the last hour against the hours around this time of day, yesterday and a week ago; both must be
   * exceeded, so a Monday is no alarm. Defaults: warning above 3 times, at 5 USD an hour and more. Silent for the first week.
   */
  hourlyCost?: { warning?: number; minimumUsd?: number; by?: readonly CallLabel[] } | false;
  /** Tokens in the last hour, compared in the same way. Defaults: warning above 1.5 times, at 100,000 an hour and more, by feature. */
  hourlyTokens?: { warning?: number; minimum?: number; by?: readonly CallLabel[] } | false;
  /**
   * Z-score of a feature's cost of the day against the days before, from the ledger. Default: warning above 3 standard deviations
   * (by chance, one day in 740), where the feature cost 5 USD and more in 24 hours: of pennies, anything is an anomaly.
   */
  anomaly?: { warning?: number; minimumUsd?: number } | false;
  /**
   * Budgets: critical when spent, warning when the forecast exceeds them. A forecast counts once this share of the budget is
   * spent. Default: 0.1: one made of the first hours of a month says nothing.
   */
  budgets?: { forecastFrom?: number } | false;
  /** Tokens of models without a price. Default: there. */
  unpriced?: false;
}

const cost = "llm_cost_total";
const call = ["provider", "model", "feature", "team"];
/** Steps of cases that take days. */
const slowly = stepsOf(1_800_000);
const hour = 2;
const day = 24 * hour;

/** Money: what is spent, at what pace, of which budget, and what has no price. */
export function costGroups(options: CostOptions): RuleGroupInput[] {
  const {
    dailyCost = {},
    hourlyCost = {},
    hourlyTokens = {},
    anomaly = {},
    budgets = {},
    unpriced,
  } = options;
  return [
    {
      name: "llm-cost",
      // What looks at hours and days need not be asked every 15 seconds.
      interval: "5m",
      rules: [
        ...(dailyCost === false && anomaly === false ? [] : [costOfDay()]),
        ...(dailyCost === false ? [] : dailyRules(dailyCost)),
        ...(hourlyCost === false ? [] : hourlyCostRules(hourlyCost)),
        ...(hourlyTokens === false ? [] : hourlyTokenRules(hourlyTokens)),
        ...(anomaly === false ? [] : [anomalyAlert(anomaly)]),
      ],
    },
    {
      name: "llm-budgets",
      rules: [
        ...(budgets === false ? [] : [exhaustedAlert(), forecastAlert(budgets.forecastFrom ?? 0.1)]),
        ...(unpriced === false ? [] : [unpricedAlert()]),
      ],
    },
  ];
}

/** `all`, or the labels that are kept: the first part of a record's name. */
function levelOf(by: readonly string[]): string {
  return by.join("_") || "all";
}

function about(by: readonly string[]): string {
  return by.map((label) => ` ${label} {{ $labels.${label} }}`).join(",");
}

function subjectOf(by: readonly string[]): Labels {
  const values: Record<string, string> = {
    provider: "openai",
    model: "gpt-4o",
    feature: "search",
    team: "shop",
  };
  return Object.fromEntries(by.map((label) => [label, values[label]!]));
}

function costOfDay() {
  const labels = { provider: "openai", model: "gpt-4o", feature: "search", team: "shop" };
  return record("call:llm_cost:increase1d", {
    expr: increase({ metric: cost, by: call, window: "1d" }),
    cases: [
      {
        name: "what was spent in a day, by all instances, restarts included",
        interval: "1h",
        series: {
          [series(cost, { ...labels, instance: "a" })]: counter([[1, 48]]),
          [series(cost, { ...labels, instance: "b" })]: `${counter([[2, 36]], 500)} ${counter([[2, 11]], 2)}`,
          [series(cost, { ...labels, model: "gpt-4o-mini" })]: counter([[0.5, 48]]),
        },
        gives: {
          "2d": {
            '{provider="openai", model="gpt-4o", feature="search", team="shop"}': 72,
            '{provider="openai", model="gpt-4o-mini", feature="search", team="shop"}': 12,
          },
        },
      },
    ],
  });
}

function dailyRules({
  critical = 2,
  minimumUsd = 10,
  by = [],
}: {
  critical?: number;
  minimumUsd?: number;
  by?: readonly CallLabel[];
}) {
  const own = `${levelOf(by)}:llm_cost:increase1d`;
  const subject = subjectOf(by);
  return [
    record(own, {
      description:
        "Only where a whole day is known: of what is younger, the sum of a day is too small to compare with.",
      expr: `sum by (${by.join(", ")}) (call:llm_cost:increase1d)\nand\n  count by (${by.join(", ")}) (${cost} offset 1d)`,
      cases: [
        {
          name: "models and features are summed up, once there is a day of them",
          interval: slowly.interval,
          series: {
            [series(cost, { ...subject, instance: "a" })]: counter([[1, day * 2]]),
            [series(cost, { ...subject, instance: "b" })]: counter([[1, day * 2]]),
          },
          gives: { "23h30m": {}, "2d": { [labelText(subject)]: 2 * day } },
        },
      ],
    }),
    alert("LlmCostHigh", {
      expr: `${own} > ${critical} * avg_over_time(${own}[7d] offset 1d)
and
  ${own} > ${minimumUsd}
and
  last_over_time(${own}[1d] offset 4d)`,
      for: "15m",
      severity: "critical",
      cause: "llm-cost",
      dashboard: "llm-cost",
      summary: `LLM cost of 24 hours is {{ $value | printf "%.2f" }} USD, more than ${critical} times the daily average${about(by)}`,
      description: `The last 24 hours cost {{ $value | printf "%.2f" }} USD: more than ${critical} times the average day of the week before. Which feature and model? Usual are loops of agents or retries, longer prompts, a dearer model, a leaked key.`,
      cases: dailyCases({ record: own, subject, critical, minimumUsd }),
    }),
  ];
}

/** Nine days of a record of 24-hour sums, as the average and its window see them. */
function dailyCases(rule: {
  record: string;
  subject: Labels;
  critical: number;
  minimumUsd: number;
}): AlertCase[] {
  const { record, subject, critical, minimumUsd } = rule;
  const { interval, at } = slowly;
  const cost = series(record, subject);
  // Just above the minimum, when it fires.
  const mean = (minimumUsd * 1.05) / critical;
  const now = 9 * day;
  // Dear before the week, then cheap, then dear: a mean of 1 over just these seven days.
  const week: Phase[] = [
    [mean * 20, day + 1],
    [mean * 0.5, day * 3.5],
    [mean * 1.5, day * 3.5],
    [mean, day - 1],
  ];
  const steady = (value: number, days: number): Phase[] => [
    [value, day * days],
    [value * critical * 1.02, 20],
  ];
  return [
    {
      kind: "fires",
      name: "a little more than the limit times the mean of the seven days before the last",
      interval,
      series: { [cost]: gauge([...week, [mean * critical * 1.02, 3]]) },
      firing: { [at(now)]: false, [at(now + 1)]: [subject] },
    },
    {
      kind: "quiet",
      name: "a little less than the limit times that mean",
      interval,
      series: { [cost]: gauge([...week, [mean * critical * 0.99, 3]]) },
      firing: { [at(now + 2)]: false },
    },
    {
      kind: "quiet",
      name: "many times the mean, but little money",
      interval,
      series: {
        [cost]: gauge([
          [minimumUsd / 100, day * 6],
          [minimumUsd * 0.95, 20],
        ]),
      },
      firing: { [at(6 * day + 10)]: false },
    },
    {
      kind: "resolves",
      name: "the day's cost comes down again",
      interval,
      series: { [cost]: gauge([...steady(mean, 6), [mean, 10]]) },
      firing: { [at(6 * day + 19)]: [subject], [at(6 * day + 20)]: false },
    },
    {
      kind: "no data",
      name: "a stack that is younger than four days is not compared; a day later it is",
      interval,
      series: { [cost]: gauge([...steady(mean, 3.75), [mean * critical * 1.5, day]]) },
      firing: { [at(3.75 * day + 10)]: false, [at(4.25 * day)]: true },
    },
    {
      kind: "fires",
      name: "the stack was off four days ago, for half a day: it is old enough all the same",
      interval,
      series: {
        [cost]: `${gauge([[mean, day]])} ${missing(day / 2)} ${gauge(steady(mean, 3.75))}`,
      },
      firing: { [at(5.25 * day + 10)]: true },
    },
    {
      kind: "no data",
      name: "the last it was looked at was longer ago than the comparison reaches",
      interval,
      series: { [cost]: `${gauge([[mean, 20]])} ${missing(day * 2)} ${gauge(steady(mean, 3))}` },
      firing: { [at(day * 5 + 30)]: false },
    },
    {
      kind: "no data",
      name: "the series ends",
      interval,
      series: { [cost]: gauge(steady(mean, 6)) },
      firing: { [at(6 * day + 19)]: true, [at(6 * day + 21)]: false },
    },
  ];
}

function labelText(labels: Labels): string {
  return series("", labels);
}

function hourlyCostRules({
  warning = 3,
  minimumUsd = 5,
  by = [],
}: {
  warning?: number;
  minimumUsd?: number;
  by?: readonly CallLabel[];
}) {
  const name = `${levelOf(by)}:llm_cost:increase1h`;
  return [
    hourlyRecord(name, cost, by),
    alert("LlmCostSpike", {
      expr: unusualHour(name, warning, minimumUsd),
      for: "30m",
      severity: "warning",
      cause: "llm-cost",
      dashboard: "llm-cost",
      summary: `LLM cost of an hour is {{ $value | printf "%.2f" }} USD, more than ${warning} times the usual${about(by)}`,
      description: `The last hour cost {{ $value | printf "%.2f" }} USD: more than ${warning} times an hour at this time of day, yesterday as well as a week ago. Find the feature or agent and stop it if it loops.`,
      cases: usualHourCases({ record: name, subject: subjectOf(by), factor: warning, minimum: minimumUsd }),
    }),
  ];
}

function hourlyTokenRules({
  warning = 1.5,
  minimum = 100_000,
  by = ["feature"],
}: {
  warning?: number;
  minimum?: number;
  by?: readonly CallLabel[];
}) {
  const name = `${levelOf(by)}:llm_tokens:increase1h`;
  return [
    hourlyRecord(name, "llm_tokens_total", by),
    alert("LlmTokensHigh", {
      expr: unusualHour(name, warning, minimum),
      for: "30m",
      severity: "warning",
      cause: "llm-tokens",
      dashboard: "llm-cost",
      summary: `{{ $value | humanize }} tokens in an hour, more than ${warning} times the usual:${about(by)}`,
      description: `The last hour took {{ $value | humanize }} tokens: more than ${warning} times the hourly average around this time of day, yesterday as well as a week ago. More calls, or longer ones? Compare with the rate of calls.`,
      cases: usualHourCases({ record: name, subject: subjectOf(by), factor: warning, minimum }),
    }),
  ];
}

function hourlyRecord(name: string, metric: string, by: readonly CallLabel[]) {
  const subject = subjectOf(by);
  return record(name, {
    expr: increase({ metric, by, window: "1h" }),
    cases: [
      {
        name: "instances, and calls that differ otherwise, are summed up",
        interval: slowly.interval,
        series: {
          [series(metric, { ...subject, instance: "a" })]: counter([[1, 2 * hour]]),
          [series(metric, { ...subject, instance: "b" })]: counter([[2, 2 * hour]]),
        },
        gives: { "2h": { [labelText(subject)]: 3 * hour } },
      },
    ],
  });
}

/**
 * The last hour against the average of the three hours around this time of day: yesterday and, since days of a week differ,
 * a week ago. Both have to be exceeded.
 */
function unusualHour(name: string, factor: number, minimum: number): string {
  return `${name} > ${factor} * avg_over_time(${name}[3h] offset 23h)
and
  ${name} > ${factor} * avg_over_time(${name}[3h] offset 6d23h)
and
  ${name} > ${minimum}`;
}

function usualHourCases(rule: {
  record: string;
  subject: Labels;
  factor: number;
  minimum: number;
}): AlertCase[] {
  const { record, subject, factor, minimum } = rule;
  const { interval, at } = slowly;
  const value = series(record, subject);
  const usual = (minimum * 1.05) / factor;
  // Seven days and two hours: the three hours a week ago begin with the case.
  const now = 7 * day + 2 * hour;
  /** Three hours of another mean in their halves, an hour that goes on like them, and very much at all other times. */
  const profile = (weekAgo: number, yesterday: number, then: number, steps = 6): Phase[] => [
    [weekAgo * 100, 1],
    [weekAgo * 0.5, 1.5 * hour], [weekAgo * 1.5, 1.5 * hour], [weekAgo * 0.5, hour],
    [(weekAgo + yesterday) * 100, 6 * day - 4 * hour],
    [yesterday * 0.5, 1.5 * hour], [yesterday * 1.5, 1.5 * hour], [yesterday * 0.5, hour],
    [yesterday, day - 2 * hour - 1],
    [then, steps],
  ]; // biome-ignore format: a timeline
  const high = usual * factor * 1.02;
  const flat: Phase[] = [[usual, now]];
  return [
    {
      kind: "fires",
      name: "a little more than usual permits, yesterday as a week ago",
      interval,
      series: { [value]: gauge(profile(usual, usual, high)) },
      firing: { [at(now)]: false, [at(now + 1)]: [subject] },
    },
    {
      kind: "quiet",
      name: "a little less than usual permits",
      interval,
      series: { [value]: gauge(profile(usual, usual, usual * factor * 0.99)) },
      firing: { [at(now + 1)]: false, [at(now + 2)]: false },
    },
    {
      kind: "quiet",
      name: "a Monday: far more than yesterday, but not than a week ago",
      interval,
      series: { [value]: gauge(profile(usual * 1.1, usual * 0.1, high)) },
      firing: { [at(now + 1)]: false, [at(now + 2)]: false },
    },
    {
      kind: "quiet",
      name: "far more than a week ago, but not than yesterday: known since then",
      interval,
      series: { [value]: gauge(profile(usual * 0.1, usual * 1.1, high)) },
      firing: { [at(now + 1)]: false, [at(now + 2)]: false },
    },
    {
      kind: "quiet",
      name: "many times the usual, of next to nothing",
      interval,
      series: {
        [value]: gauge([
          [minimum / 100, now],
          [minimum * 0.95, 10],
        ]),
      },
      firing: { [at(now + 9)]: false },
    },
    {
      kind: "resolves",
      name: "back to the usual",
      interval,
      series: { [value]: gauge([...flat, [high, 6], [usual, 4]]) },
      firing: { [at(now + 5)]: [subject], [at(now + 6)]: false },
    },
    {
      kind: "no data",
      name: "in its first week there is nothing to compare with",
      interval,
      series: {
        [value]: gauge([
          [usual, 6 * day],
          [high * 10, 10],
        ]),
      },
      firing: { [at(6 * day + 9)]: false },
    },
    {
      kind: "no data",
      name: "the series ends",
      interval,
      series: { [value]: gauge([...flat, [high, 6]]) },
      firing: { [at(now + 5)]: true, [at(now + 7)]: false },
    },
  ];
}

function anomalyAlert({ warning = 3, minimumUsd = 5 }: { warning?: number; minimumUsd?: number }) {
  const { interval, at } = stepsOf(600_000);
  const subject = { feature: "search", team: "shop" };
  const score = (value: string, labels: Labels = subject) => ({
    [series("llm_cost_anomaly_zscore", { ...labels, instance: "a" })]: value,
  });
  const spent = (usd: number, labels: Labels = {}) => ({
    [series("call:llm_cost:increase1d", {
      provider: "openai",
      model: "gpt-4o",
      ...subject,
      ...labels,
    })]: `${usd}x40`,
  });
  const enough = spent(minimumUsd * 1.05);
  return alert("LlmCostAnomaly", {
    expr: `max by (feature, team) (llm_cost_anomaly_zscore) > ${warning}
and
  sum by (feature, team) (call:llm_cost:increase1d) > ${minimumUsd}`,
    for: "30m",
    severity: "warning",
    dashboard: "llm-cost",
    summary: `Cost of feature {{ $labels.feature }} (team {{ $labels.team }}) is unusual for a day`,
    description: `Its cost of the day lies {{ $value | printf "%.1f" }} standard deviations above the days before; ${warning} may be. Ask the team whether they released or started something; if not, look for loops and for longer prompts.`,
    cases: [
      {
        kind: "fires",
        name: "one feature far above its days, and another that is not, of either team",
        interval,
        series: {
          ...score(`0x9 ${warning * 1.05}x30`),
          ...enough,
          ...score("0x40", { ...subject, feature: "summary" }),
          ...spent(minimumUsd * 10, { feature: "summary" }),
          ...score("0x40", { ...subject, team: "office" }),
          ...spent(minimumUsd * 10, { team: "office" }),
        },
        firing: { [at(12)]: false, [at(13)]: [subject], [at(40)]: [subject] },
      },
      {
        kind: "fires",
        name: "two teams: their money is not mixed up, two models of one are summed up, two replicas agree",
        interval,
        series: {
          ...score(`${warning * 1.05}x40`),
          [series("llm_cost_anomaly_zscore", { ...subject, instance: "b" })]: "1x40",
          ...spent(minimumUsd * 0.55),
          ...spent(minimumUsd * 0.55, { model: "gpt-4o-mini" }),
          ...score(`${warning * 1.05}x40`, { ...subject, team: "office" }),
          ...spent(minimumUsd * 0.55, { team: "office" }),
        },
        firing: { [at(40)]: [subject] },
      },
      {
        kind: "quiet",
        name: "just below, and very unusually cheap",
        interval,
        series: { ...score(`${warning * 0.98}x20 -10x20`), ...enough },
        firing: { [at(20)]: false, [at(40)]: false },
      },
      {
        kind: "quiet",
        name: "very unusual, but pennies",
        interval,
        series: { ...score("50x40"), ...spent(minimumUsd * 0.95) },
        firing: { [at(40)]: false },
      },
      {
        kind: "resolves",
        name: "usual again",
        interval,
        series: { ...score(`${warning + 1}x20 0x20`), ...enough },
        firing: { [at(20)]: true, [at(21)]: false },
      },
      {
        kind: "no data",
        name: "no score, or no money known",
        interval,
        series: { ...enough, ...score(`${warning + 1}x40`, { ...subject, feature: "summary" }) },
        firing: { [at(40)]: false },
      },
    ],
  });
}

const budgetOf = { budget: "shop-monthly", scope: "team" };
const budgetLabels = { ...budgetOf, instance: "a" };
const sumOf = (what: string) => `max by (budget, scope) (llm_budget_${what})`;

/** Series of a budget of 1,000 USD, and of another that is doing well, of each name and scope. */
function budgets(spent: string, forecast: string, labels: Labels = budgetLabels) {
  return {
    [series("llm_budget_usd", labels)]: "1000x60",
    [series("llm_budget_spent_usd", labels)]: spent,
    [series("llm_budget_forecast_usd", labels)]: forecast,
  };
}
const others = {
  ...budgets("400x60", "800x60", { ...budgetLabels, budget: "other" }),
  ...budgets("400x60", "800x60", { ...budgetLabels, scope: "feature" }),
};

function exhaustedAlert() {
  const { interval, at } = stepsOf(60_000);
  return alert("LlmBudgetExhausted", {
    expr: `${sumOf("spent_usd")} >= (${sumOf("usd")} > 0)`,
    for: "5m",
    severity: "critical",
    cause: "llm-budget",
    dashboard: "llm-cost",
    summary: `Budget {{ $labels.budget }} ({{ $labels.scope }}) is spent`,
    description: `{{ $value | printf "%.2f" }} USD were spent, which is all that may be in this period. Where the gateway enforces budgets, calls are refused now. Raise it or stop what spends; both are the owner's decision.`,
    cases: [
      {
        kind: "fires",
        name: "spent to the last dollar, another budget is not, another replica lags",
        interval,
        series: {
          ...budgets("999.9x9 1000x50", "1000x60"),
          [series("llm_budget_spent_usd", { ...budgetOf, instance: "b" })]: "990x60",
          ...others,
        },
        firing: { [at(14)]: false, [at(15)]: [budgetOf], [at(59)]: [budgetOf] },
        annotations: { summary: "Budget shop-monthly (team) is spent" },
      },
      {
        kind: "quiet",
        name: "nearly spent",
        interval,
        series: budgets("999.9x60", "2000x60"),
        firing: { [at(59)]: false },
      },
      {
        kind: "quiet",
        name: "a budget of nothing isn't one",
        interval,
        series: {
          [series("llm_budget_usd", budgetLabels)]: "0x60",
          [series("llm_budget_spent_usd", budgetLabels)]: "0x60",
        },
        firing: { [at(59)]: false },
      },
      {
        kind: "fires",
        name: "a budget of half a dollar is one",
        interval,
        series: {
          [series("llm_budget_usd", budgetLabels)]: "0.5x60",
          [series("llm_budget_spent_usd", budgetLabels)]: "1x60",
        },
        firing: { [at(59)]: true },
      },
      {
        kind: "resolves",
        name: "a new period begins",
        interval,
        series: budgets("1000x20 0x40", "1000x60"),
        firing: { [at(20)]: true, [at(21)]: false },
      },
      {
        kind: "no data",
        name: "nothing is known of what was spent, or of the budget",
        interval,
        series: {
          [series("llm_budget_usd", budgetLabels)]: "1000x60",
          [series("llm_budget_spent_usd", { ...budgetLabels, budget: "other" })]: "2000x60",
        },
        firing: { [at(59)]: false },
      },
    ],
  });
}

function forecastAlert(from: number) {
  const { interval, at } = stepsOf(60_000);
  const early = 1000 * from;
  return alert("LlmBudgetForecastExceeded", {
    expr: `${sumOf("forecast_usd")} > ${sumOf("usd")}
and
  ${sumOf("spent_usd")} > ${from} * ${sumOf("usd")}
unless
  ${sumOf("spent_usd")} >= ${sumOf("usd")}`,
    for: "30m",
    severity: "warning",
    cause: "llm-budget",
    dashboard: "llm-cost",
    summary: `Budget {{ $labels.budget }} ({{ $labels.scope }}) will not last`,
    description: `At this pace {{ $value | printf "%.2f" }} USD will have been spent at the end of the period, which is more than the budget. There is time left to find what grows, or to agree on more.`,
    cases: [
      {
        kind: "fires",
        name: "a little more than the budget will be spent; another's forecast is fine, another replica lags",
        interval,
        series: {
          ...budgets(`${early * 1.02}x60`, "1000x9 1001x50"),
          [series("llm_budget_forecast_usd", { ...budgetOf, instance: "b" })]: "990x60",
          ...others,
        },
        firing: { [at(39)]: false, [at(40)]: [budgetOf] },
      },
      {
        kind: "quiet",
        name: "just the budget will be spent",
        interval,
        series: budgets("500x60", "1000x60"),
        firing: { [at(59)]: false },
      },
      {
        kind: "quiet",
        name: "a forecast of the first days is none",
        interval,
        series: budgets(`${early * 0.98}x60`, "9000x60"),
        firing: { [at(59)]: false },
      },
      {
        kind: "quiet",
        name: "all is spent: LlmBudgetExhausted says it",
        interval,
        series: budgets("999x40 1000x20", "1500x60"),
        firing: { [at(40)]: true, [at(41)]: false },
      },
      {
        kind: "resolves",
        name: "the pace slows down",
        interval,
        series: budgets("500x60", "1500x40 990x20"),
        firing: { [at(40)]: true, [at(41)]: false },
      },
      {
        kind: "no data",
        name: "there is no forecast, or no budget of that name",
        interval,
        series: {
          [series("llm_budget_usd", budgetLabels)]: "1000x60",
          [series("llm_budget_spent_usd", budgetLabels)]: "500x60",
          [series("llm_budget_forecast_usd", { ...budgetLabels, budget: "other" })]: "9000x60",
        },
        firing: { [at(59)]: false },
      },
    ],
  });
}

function unpricedAlert() {
  const { interval, at } = stepsOf(300_000);
  const model = { provider: "openai", model: "gpt-next" };
  const metric = "llm_unpriced_tokens_total";
  const tokens = (values: string, labels: Labels = {}) => ({
    [series(metric, { ...model, type: "input", ...labels })]: values,
  });
  return alert("LlmUnpricedTokens", {
    // A series that is new tells of tokens, too: `increase` doesn't know its first value, and a model may be called only once.
    expr: `${increase({ metric, by: ["provider", "model"], window: "1h" })} > 0
or
  sum by (provider, model) (${metric} unless ${metric} offset 1h)`,
    severity: "warning",
    dashboard: "llm-cost",
    summary: `Model {{ $labels.model }} of {{ $labels.provider }} has no price: its cost is missing`,
    description:
      "About {{ $value | humanize }} tokens of the last hour have no price. Costs, budgets and forecasts are too low until there is one. Add the model to the prices, with the day from which it holds.",
    cases: [
      {
        kind: "fires",
        name: "tokens go on being used, of one model of two",
        interval,
        series: {
          ...tokens(
            counter([
              [0, 20],
              [100, 20],
            ]),
          ),
          ...tokens(counter([[0, 40]]), { model: "gpt-4o" }),
        },
        firing: { [at(20)]: false, [at(21)]: [model], [at(40)]: [model] },
      },
      {
        kind: "fires",
        name: "a model is called a single time, with tokens of two kinds, on two providers",
        interval,
        series: {
          ...tokens("_x10 500x40"),
          ...tokens("_x10 20x40", { type: "output" }),
          ...tokens("_x10 20x40", { provider: "azure" }),
        },
        firing: {
          [at(9)]: false,
          [at(10)]: [model, { ...model, provider: "azure" }],
          [at(21)]: [model, { ...model, provider: "azure" }],
          [at(22)]: false,
        },
      },
      {
        kind: "quiet",
        name: "the model got its price: the counter stands still",
        interval,
        series: tokens("500x60"),
        firing: { [at(15)]: false, [at(60)]: false },
      },
      {
        kind: "resolves",
        name: "an hour after the last tokens without a price",
        interval,
        series: tokens(
          counter([
            [0, 20],
            [100, 10],
            [0, 30],
          ]),
        ),
        firing: { [at(30)]: true, [at(40)]: true, [at(42)]: false },
      },
      {
        kind: "no data",
        name: "all models have prices, or the series ends",
        interval,
        series: tokens(counter([[100, 20]])),
        firing: { [at(20)]: true, [at(40)]: false },
      },
    ],
  });
}
