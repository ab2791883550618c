import { quantile, ratio, sumBy } from "../expressions.js";
import {
  above,
  bars,
  dashboard,
  exemplars,
  firingAlerts,
  promql,
  row,
  section,
  span,
  stat,
  table,
  timeseries,
} from "../lib/index.js";
import { limits } from "../limits.js";
import { callSpans, callVariables, failedShare, latency, ofCalls, perSecond, reasons } from "./calls.js";

const has: ("provider" | "model")[] = ["provider", "model"];
const headroom = (by: string) => `min by (${by}) (${ofCalls("llm_quota_headroom_ratio", { has })})`;
const alerts =
  "LlmError.*|LlmLatency.*|LlmFirstToken.*|LlmNoSuccess|LlmQuota.*|LlmFallbacks.*|LlmCallsVanished|LlmQuality.*";
const answers = (metric: string) => ofCalls(metric, { has: ["feature", "model"] });

/** Which provider is slow, failing or out of quota, and what is it like elsewhere? */
export const llmProviders = () =>
  dashboard({
    uid: "llm-providers",
    title: "LLM providers and quota",
    description: "Which provider is slow, failing or out of quota, and what is it like elsewhere?",
    variables: callVariables(),
    alerts,
    rows: [
      row(
        4,
        stat({
          title: "Least quota left",
          description: "What is left of the rate limit that is nearest to its end.",
          whenRed:
            "Ask for more, spread over models, or slow batch work down: what is left is for people who wait.",
          mayBeEmpty: reasons.noSdk,
          unit: "ratio",
          thresholds: limits.quota,
          queries: [promql(`min(${headroom("provider, model, kind")})`)],
        }),
        stat({
          title: "Fallbacks",
          description:
            "Share of calls that went to another model because the first failed, within 15 minutes.",
          whenRed: "People get answers, but dearer or poorer ones. Below: which model is left, and where to.",
          mayBeEmpty: reasons.noCalls,
          unit: "ratio",
          thresholds: limits.fallbacks,
          queries: [
            promql(
              `(sum(increase(${ofCalls("llm_fallbacks_total", { has })}[15m])) or vector(0)) / (${sumBy([], ofCalls("call:llm_requests:increase15m"))} > 0)`,
            ),
          ],
        }),
        stat({
          title: "Calls in progress",
          description: "Calls that wait for their answer now.",
          whenRed: "Rising with the same number of calls: answers take longer; look at latency.",
          mayBeEmpty: reasons.noSdk,
          unit: "count",
          sparkline: true,
          queries: [promql(`sum(${ofCalls("llm_requests_in_progress", { has })})`)],
        }),
        stat({
          title: "Calls waiting for their turn",
          description: "Calls that wait because as many go on as a provider takes.",
          whenRed: "More come than the quota lets through: slow the sender down or ask for more.",
          mayBeEmpty: reasons.noGate,
          unit: "count",
          sparkline: true,
          thresholds: above({ warning: 10, critical: 100 }),
          queries: [promql(`sum(${ofCalls("llm_queue_depth", { has: ["provider"] })})`)],
        }),
      ),
      row(
        8,
        span(
          16,
          table({
            title: "Providers compared",
            description:
              "The last minutes of each provider and model, side by side; last, what a thousand calls cost.",
            whenRed: "A red cell beside a green one of another provider: send calls there until it is over.",
            mayBeEmpty: reasons.noCalls,
            by: { provider: "Provider", model: "Model" },
            sortBy: "Calls/s",
            values: [
              {
                title: "Calls/s",
                unit: "requestsPerSecond",
                promql: sumBy(has, perSecond(ofCalls("llm_requests_total"))),
              },
              {
                title: "Failed",
                unit: "ratio",
                promql: failedShare(has),
                thresholds: limits.failed,
              },
              {
                title: "P95",
                unit: "seconds",
                promql: latency(0.95, has),
                thresholds: limits.callSeconds,
              },
              {
                title: "1,000 calls",
                unit: "usd",
                promql: `1000 * ${sumBy(has, perSecond(ofCalls("llm_cost_total")))} / (${sumBy(has, perSecond(ofCalls("llm_requests_total")))} > 0)`,
              },
            ],
          }),
        ),
        firingAlerts(alerts),
      ),
      row(
        8,
        timeseries({
          title: "Failed calls by provider",
          description: "Share of calls that failed within five minutes.",
          whenRed: "Look at the provider's status page; 401 and 403 are ours: the key.",
          mayBeEmpty: reasons.noCalls,
          unit: "ratio",
          colours: "providers",
          thresholds: limits.failed,
          queries: [promql(failedShare(["provider"]), "{{provider}}")],
        }),
        timeseries({
          title: "P95 latency by provider",
          description: "95 of 100 calls are answered within this time. A dot is a trace.",
          whenRed: "Compare with the others: if only one is slow, it is busy; move what can be moved.",
          mayBeEmpty: reasons.noCalls,
          unit: "seconds",
          colours: "providers",
          thresholds: limits.callSeconds,
          queries: [promql(latency(0.95, ["provider"]), "{{provider}}"), exemplars(callSpans)],
        }),
        timeseries({
          title: "P95 time to first token by provider",
          description: "How long 95 of 100 streamed calls waited for their first token at most.",
          whenRed: "The provider queues calls: it is busy, or our tier is low.",
          mayBeEmpty: reasons.streamed,
          unit: "seconds",
          colours: "providers",
          thresholds: limits.firstTokenSeconds,
          queries: [
            promql(
              quantile(0.95, ofCalls("llm_time_to_first_token_seconds_bucket"), ["provider"]),
              "{{provider}}",
            ),
          ],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Quota left",
          description: "What is left of each rate limit: of requests, of tokens.",
          whenRed: "Below 20 % is an alert. It fills again each minute; if it doesn't, too much is sent.",
          mayBeEmpty: reasons.noSdk,
          unit: "ratio",
          max: 1,
          thresholds: limits.quota,
          queries: [promql(headroom("provider, model, kind"), "{{provider}} {{model}} {{kind}}")],
        }),
        timeseries({
          title: "Fallbacks by way",
          description: "Calls per second that went from one model to another.",
          whenRed: "The model on the left side fails; its provider is the place to look.",
          mayBeEmpty: reasons.noFallbacks,
          unit: "perSecond",
          queries: [
            promql(
              sumBy(["model", "fallback_model"], perSecond(ofCalls("llm_fallbacks_total", { has }))),
              "{{model}} → {{fallback_model}}",
            ),
          ],
        }),
        timeseries({
          title: "Calls per second by provider",
          description: "Where calls go.",
          whenRed:
            "A provider that ends while another takes over: a fallback, or a change of the definition.",
          mayBeEmpty: reasons.noCalls,
          unit: "requestsPerSecond",
          colours: "providers",
          stacked: true,
          queries: [promql(sumBy(["provider"], perSecond(ofCalls("llm_requests_total"))), "{{provider}}")],
        }),
      ),
    ],
    sections: [
      section(
        "Quality of answers",
        row(
          8,
          timeseries({
            title: "Score by evaluation",
            description: "Average score of judged answers over three hours, from 0 to 1.",
            whenRed: "A fall after a change of model or prompt: compare both variants on the same questions.",
            mayBeEmpty: reasons.noJudge,
            unit: "ratio",
            max: 1,
            queries: [
              promql(
                'sum by (evaluation) (evaluation_feature:llm_quality_score_sum:increase3h{feature=~"$feature"}) / (sum by (evaluation) (evaluation_feature:llm_quality_score_count:increase3h{feature=~"$feature"}) > 0)',
                "{{evaluation}}",
              ),
            ],
          }),
          timeseries({
            title: "Refused answers",
            description: "Share of calls whose answer was a refusal.",
            whenRed: "Prompts or the provider's policy changed: read some refused calls.",
            mayBeEmpty: reasons.noJudge,
            unit: "ratio",
            queries: [
              promql(
                ratio(
                  sumBy(["model"], perSecond(answers("llm_refusals_total"))),
                  sumBy(["model"], perSecond(ofCalls("llm_requests_total"))),
                ),
                "{{model}}",
              ),
            ],
          }),
          timeseries({
            title: "Bad feedback",
            description: "Share of users' feedback that was a thumb down.",
            whenRed: "Read what they rated; a rise with one variant alone is that variant.",
            mayBeEmpty: "nobody gave feedback.",
            unit: "ratio",
            max: 1,
            queries: [
              promql(
                ratio(
                  sumBy(
                    ["feature"],
                    perSecond(
                      ofCalls("llm_feedback_total", { has: ["feature", "model"], more: ['rating="down"'] }),
                    ),
                  ),
                  sumBy(["feature"], perSecond(answers("llm_feedback_total"))),
                ),
                "{{feature}}",
              ),
            ],
          }),
          bars({
            title: "Broken policies",
            description: "Prompts and answers that broke a policy in the time shown.",
            whenRed: "Who sends them, and does a filter let them through?",
            mayBeEmpty: reasons.noJudge,
            unit: "count",
            queries: [
              promql(
                `sum by (policy) (increase(${answers("llm_policy_violations_total")}[$__range]))`,
                "{{policy}}",
              ),
            ],
          }),
        ),
      ),
    ],
  });
