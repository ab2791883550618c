import { sumBy } from "../expressions.js";
import {
  above,
  bars,
  dashboard,
  firingAlerts,
  promql,
  row,
  section,
  span,
  stat,
  table,
  timeseries,
} from "../lib/index.js";
import { cacheHits, callVariables, ofCalls, reasons, unpricedTokens } from "./calls.js";

const day = ofCalls("call:llm_cost:increase1d");
const budgets = (metric: string) => `max by (budget, scope) (llm_budget_${metric})`;
const costBy = (label: string, title: string, whenRed: string) =>
  timeseries({
    title: `Cost per day by ${title}`,
    description: `What each ${title} cost in the 24 hours before.`,
    whenRed,
    mayBeEmpty: reasons.noSums,
    unit: "usd",
    stacked: true,
    queries: [promql(sumBy([label], day), `{{${label}}}`)],
  });

/** What do calls of models cost, whom, and will the budgets last? */
export const llmCost = () =>
  dashboard({
    uid: "llm-cost",
    title: "LLM cost and budgets",
    description: "What do calls of models cost, whom, and will the budgets last?",
    variables: callVariables(),
    alerts: "LlmCost.*|LlmBudget.*|LlmTokens.*|LlmUnpriced.*|LlmCache.*",
    range: "7d",
    refresh: "5m",
    rows: [
      row(
        4,
        stat({
          title: "Cost of the last 24 hours",
          description: "What the chosen calls cost. `obs costs` has it to the cent, from the ledger.",
          whenRed: "Compare with the same hour of yesterday below, then see which feature grew.",
          mayBeEmpty: reasons.noSums,
          unit: "usd",
          sparkline: true,
          queries: [promql(sumBy([], day))],
        }),
        stat({
          title: "Cost of the last hour",
          description: "All calls of models, whatever is chosen above: what the alert about spikes looks at.",
          whenRed:
            "Three times what is usual at this hour is an alert. Look for a loop: calls per second by feature.",
          mayBeEmpty: reasons.noSums,
          unit: "usd",
          sparkline: true,
          queries: [promql("all:llm_cost:increase1h")],
        }),
        stat({
          title: "Fullest budget",
          description: "Share of a budget that is spent, of the one that is nearest to its end.",
          whenRed: "Raise it on purpose, or slow the feature down; the table has the rest.",
          mayBeEmpty: reasons.noBudget,
          unit: "ratio",
          thresholds: above({ warning: 0.8, critical: 1 }),
          queries: [promql(`max(${budgets("spent_usd")} / (${budgets("usd")} > 0))`)],
        }),
        unpricedTokens(),
      ),
      row(
        8,
        span(
          14,
          table({
            title: "Budgets",
            description:
              "What may be spent, what is, and what will have been at the end of the period at this pace.",
            whenRed:
              "Forecast above 1: decide now, while there is time: a cheaper model, a limit, or a larger budget.",
            mayBeEmpty: reasons.noBudget,
            by: { budget: "Budget", scope: "Of" },
            sortBy: "Forecast",
            values: [
              { title: "Budget USD", unit: "usd", promql: budgets("usd") },
              { title: "Spent USD", unit: "usd", promql: budgets("spent_usd") },
              {
                title: "Spent",
                unit: "ratio",
                promql: `${budgets("spent_usd")} / (${budgets("usd")} > 0)`,
                thresholds: above({ warning: 0.8, critical: 1 }),
              },
              {
                title: "Forecast",
                unit: "ratio",
                promql: `${budgets("forecast_usd")} / (${budgets("usd")} > 0)`,
                thresholds: above({ warning: 1 }),
              },
            ],
          }),
        ),
        firingAlerts("LlmCost.*|LlmBudget.*|LlmTokens.*|LlmUnpriced.*|LlmCache.*"),
      ),
      row(
        8,
        costBy("feature", "feature", "Ask its owner what changed when the step began."),
        costBy("team", "team", "The team's budget says whether that is meant."),
        costBy(
          "model",
          "model",
          "A dear model where a cheap one was: a default changed, or a fallback took over.",
        ),
      ),
      row(
        8,
        timeseries({
          title: "Cost per hour against yesterday",
          description: "All calls: the hour before, and the same hour a day earlier.",
          whenRed: "Far apart: the alert about spikes fires at three times as much. See which feature it is.",
          mayBeEmpty: reasons.noSums,
          unit: "usd",
          queries: [
            promql("all:llm_cost:increase1h", "now"),
            promql("all:llm_cost:increase1h offset 1d", "a day before"),
          ],
        }),
        bars({
          title: "Unusual cost by feature",
          description: "The day's cost against the days before, in standard deviations.",
          whenRed: "Above 3 is an anomaly: was something released, or is it a loop?",
          mayBeEmpty: "there is no history of some days yet.",
          unit: "times",
          // Cheaper than usual is below zero, and no bar.
          max: 6,
          thresholds: above({ warning: 2, critical: 3 }),
          queries: [
            promql(
              `max by (feature) (${ofCalls("llm_cost_anomaly_zscore", { has: ["feature", "team"] })})`,
              "{{feature}}",
            ),
          ],
        }),
        timeseries({
          title: "Tokens per hour by feature",
          description: "Tokens used in the hour before.",
          whenRed:
            "Tokens that grow faster than calls: prompts get longer. The overview has tokens of a call.",
          mayBeEmpty: reasons.noSums,
          unit: "tokens",
          stacked: true,
          queries: [promql('feature:llm_tokens:increase1h{feature=~"$feature"}', "{{feature}}")],
        }),
      ),
    ],
    sections: [
      section(
        "Cache",
        row(
          8,
          timeseries({
            title: "Cache hit rate by feature",
            description: "Share of look-ups that the gateway's cache answered.",
            whenRed: "Half of what it was is an alert: prompts changed, or the cache was emptied.",
            mayBeEmpty: reasons.noCache,
            unit: "ratio",
            max: 1,
            queries: [promql(cacheHits(["feature"]), "{{feature}}")],
          }),
          timeseries({
            title: "Saved by the cache per day",
            description: "What the answers from the cache would have cost in the 24 hours before.",
            whenRed: "Nothing saved with the cache on: its keys never match.",
            mayBeEmpty: reasons.noCache,
            unit: "usd",
            stacked: true,
            queries: [
              promql(
                sumBy(
                  ["feature"],
                  `increase(${ofCalls("llm_cache_savings_total", { has: ["model", "feature"] })}[1d])`,
                ),
                "{{feature}}",
              ),
            ],
          }),
          timeseries({
            title: "Size of the cache",
            description: "Memory that answers take.",
            whenRed: "At its limit with many evictions: enlarge it.",
            mayBeEmpty: reasons.noCache,
            unit: "bytes",
            queries: [promql("sum(llm_cache_size_bytes)", "answers")],
          }),
          timeseries({
            title: "Answers that left the cache",
            description: "Evictions per second, by reason.",
            whenRed: "`size`: it is too small for what is asked.",
            mayBeEmpty: reasons.noCache,
            unit: "perSecond",
            queries: [
              promql("sum by (reason) (rate(llm_cache_evictions_total[$__rate_interval]))", "{{reason}}"),
            ],
          }),
        ),
      ),
    ],
  });
