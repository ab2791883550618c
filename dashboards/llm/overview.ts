import { sumBy } from "../expressions.js";
import {
  dashboard,
  exemplars,
  firingAlerts,
  promql,
  row,
  section,
  shares,
  span,
  sqlTable,
  stat,
  timeseries,
  toDashboard,
} from "../lib/index.js";
import { limits } from "../limits.js";
import {
  cacheHits,
  callSpans,
  callVariables,
  failedShare,
  latency,
  ofCalls,
  percentiles,
  perSecond,
  reasons,
  unpricedTokens,
} from "./calls.js";

const toCost = () => [toDashboard("llm-cost", "Cost and budgets")];
const toProviders = () => [toDashboard("llm-providers", "Providers and quota")];

const topUsers = `
SELECT user_id AS "User", sum(cost_usd)::float8 AS "Cost", sum(calls)::bigint AS "Calls"
FROM llm_usage_daily_users
WHERE day BETWEEN ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date
              AND ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
  AND feature ~ '^(\${feature:regex})$' AND team_id ~ '^(\${team:regex})$'
GROUP BY 1 ORDER BY 2 DESC LIMIT 10`.trim();

/** Are calls of models well: how many, how fast, how many fail, what do they cost? */
export const llmOverview = () =>
  dashboard({
    uid: "llm-overview",
    title: "LLM overview",
    description: "Are calls of models well: how many, how fast, how many fail, what do they cost?",
    variables: callVariables(),
    alerts: "Llm.*",
    rows: [
      row(
        4,
        span(
          5,
          stat({
            title: "Calls per second",
            description: "Calls of models, failed ones included.",
            whenRed:
              "At zero while people use the product: nobody can reach a model, or its telemetry. `obs verify` tells which.",
            mayBeEmpty: reasons.noCalls,
            unit: "requestsPerSecond",
            sparkline: true,
            queries: [promql(sumBy([], perSecond(ofCalls("llm_requests_total"))))],
          }),
        ),
        span(
          5,
          stat({
            title: "Failed calls",
            description:
              "Share of calls that failed within five minutes. The alerts have the same thresholds.",
            whenRed:
              "See below which model it is. One provider: look at its status page and send calls elsewhere. All: look at what was deployed.",
            mayBeEmpty: reasons.noCalls,
            unit: "ratio",
            sparkline: true,
            thresholds: limits.failed,
            links: toProviders(),
            queries: [promql(failedShare())],
          }),
        ),
        span(
          5,
          stat({
            title: "P95 latency",
            description: "95 of 100 calls are answered within this time.",
            whenRed:
              "Compare providers, then look at the tokens of a call: longer prompts and answers take longer.",
            mayBeEmpty: reasons.noCalls,
            unit: "seconds",
            sparkline: true,
            thresholds: limits.callSeconds,
            links: toProviders(),
            queries: [promql(latency(0.95))],
          }),
        ),
        span(
          5,
          stat({
            title: "Cost of 24 hours",
            description:
              "What calls cost in the last 24 hours, at the prices of their day, summed every five minutes. `obs costs` has it now, and to the cent.",
            whenRed: "See which feature grew. A jump is mostly a loop that retries, or a new model.",
            mayBeEmpty: reasons.noSums,
            unit: "usd",
            sparkline: true,
            links: toCost(),
            queries: [promql(sumBy([], ofCalls("call:llm_cost:increase1d")))],
          }),
        ),
        span(
          4,
          stat({
            title: "Cache hit rate",
            description: "Share of calls that the gateway's cache answered.",
            whenRed: "A sudden fall: prompts changed (a timestamp in them?), or the cache was emptied.",
            mayBeEmpty: reasons.noCache,
            unit: "ratio",
            sparkline: true,
            queries: [promql(cacheHits())],
          }),
        ),
      ),
      row(
        8,
        timeseries({
          title: "Latency",
          description:
            "How long calls took. A dot is a trace: click it to see what took the time, and its logs.",
          whenRed:
            "Open a dot far up: the slow span in it is the cause. P99 alone rising: a few long answers; P50, too: the provider or the network.",
          mayBeEmpty: reasons.noCalls,
          unit: "seconds",
          colours: "percentiles",
          thresholds: limits.callSeconds,
          queries: [...percentiles(ofCalls("llm_request_duration_seconds_bucket")), exemplars(callSpans)],
        }),
        timeseries({
          title: "Failed calls by model",
          description: "Share of calls that failed within five minutes.",
          whenRed:
            "One line above the others: that model or its provider. All at once: ours, so look at what was deployed when it began.",
          mayBeEmpty: reasons.noCalls,
          unit: "ratio",
          thresholds: limits.failed,
          links: toProviders(),
          queries: [promql(failedShare(["provider", "model"]), "{{provider}} {{model}}")],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Cost per hour by feature",
          description: "What each feature cost in the hour before.",
          whenRed: "A feature that jumps: look at its calls per second, then at its tokens per call.",
          mayBeEmpty: reasons.noCalls,
          unit: "usd",
          stacked: true,
          links: toCost(),
          queries: [promql(sumBy(["feature"], `increase(${ofCalls("llm_cost_total")}[1h])`), "{{feature}}")],
        }),
        timeseries({
          title: "Tokens per second by type",
          description: "Tokens read and written; those from a provider's cache cost less.",
          whenRed:
            "Input that grows with the same number of calls: prompts get longer, conversations are not cut.",
          mayBeEmpty: reasons.noCalls,
          unit: "tokensPerSecond",
          colours: "tokens",
          stacked: true,
          queries: [promql(sumBy(["type"], perSecond(ofCalls("llm_tokens_total"))), "{{type}}")],
        }),
      ),
      row(
        8,
        span(
          8,
          shares({
            title: "Calls by model",
            description: "Which models answered, in the time shown.",
            whenRed: "A model that nobody chose: a fallback took over, or a default changed.",
            mayBeEmpty: reasons.noCalls,
            unit: "count",
            queries: [
              promql(sumBy(["model"], `increase(${ofCalls("llm_requests_total")}[$__range])`), "{{model}}"),
            ],
          }),
        ),
        span(
          6,
          sqlTable({
            title: "Top users by cost",
            description:
              "Who cost most on the days shown, of the chosen features and teams, from the ledger. Users are stored as keyed hashes.",
            whenRed:
              "One far above the rest: a script, or an account that is shared. `obs costs by user` has them all.",
            mayBeEmpty: reasons.noCalls,
            sql: topUsers,
            values: [
              { title: "Cost", unit: "usd" },
              { title: "Calls", unit: "count" },
            ],
          }),
        ),
        span(10, firingAlerts("Llm.*|Agent.*")),
      ),
    ],
    sections: [
      section(
        "By feature",
        row(
          8,
          timeseries({
            title: "Calls by feature",
            description: "Calls per second of each feature.",
            whenRed: "A jump without more users is a loop; a drop to nothing is a feature that is off.",
            mayBeEmpty: reasons.noCalls,
            unit: "requestsPerSecond",
            stacked: true,
            queries: [promql(sumBy(["feature"], perSecond(ofCalls("llm_requests_total"))), "{{feature}}")],
          }),
          timeseries({
            title: "P95 latency by feature",
            description: "95 of 100 calls of a feature are answered within this time.",
            whenRed: "One feature: its prompts or its model. All: the provider.",
            mayBeEmpty: reasons.noCalls,
            unit: "seconds",
            thresholds: limits.callSeconds,
            queries: [promql(latency(0.95, ["feature"]), "{{feature}}")],
          }),
          timeseries({
            title: "Cost per day by feature",
            description: "What each feature cost in the 24 hours before.",
            whenRed:
              "A steady rise is use or a dearer model; a step is a change. The page about cost has it by team and model.",
            mayBeEmpty: reasons.noSums,
            unit: "usd",
            stacked: true,
            links: toCost(),
            queries: [promql(sumBy(["feature"], ofCalls("call:llm_cost:increase1d")), "{{feature}}")],
          }),
          timeseries({
            title: "Failures by kind",
            description: "Failed calls per second by the kind of failure.",
            whenRed:
              "`rate_limit`: ask for more quota or slow down. `timeout`: look at latency. `authentication`: the key.",
            mayBeEmpty: reasons.noFailures,
            unit: "perSecond",
            stacked: true,
            queries: [
              promql(sumBy(["error_type"], perSecond(ofCalls("llm_errors_total"))), "{{error_type}}"),
            ],
          }),
        ),
      ),
      section(
        "First token and size",
        row(
          8,
          timeseries({
            title: "Time to first token",
            description: "How long streamed calls took to their first token: what people feel as waiting.",
            whenRed:
              "Slow to begin, fast afterwards: the provider is busy, or prompts are long and not cached.",
            mayBeEmpty: reasons.streamed,
            unit: "seconds",
            colours: "percentiles",
            thresholds: limits.firstTokenSeconds,
            queries: percentiles(ofCalls("llm_time_to_first_token_seconds_bucket")),
          }),
          timeseries({
            title: "Tokens of a call",
            description: "Half of the calls use at most so many tokens, by type.",
            whenRed: "What grows here makes calls slower and dearer: look at what was added to the prompt.",
            mayBeEmpty: reasons.noCalls,
            unit: "tokens",
            colours: "tokens",
            queries: [
              promql(
                `histogram_quantile(0.5, ${sumBy(["le", "type"], perSecond(ofCalls("llm_request_tokens_bucket")))})`,
                "{{type}}",
              ),
            ],
          }),
          unpricedTokens(),
        ),
      ),
    ],
  });
