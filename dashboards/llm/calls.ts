import { quantile, ratio, sumBy } from "../expressions.js";
import { above, feature, model, promql, provider, type Query, stat, team } from "../lib/index.js";

/** The choices on top of every page about calls of models. */
export const callVariables = () => [provider(), model(), feature(), team()];

const chosen = {
  provider: 'provider=~"$provider"',
  model: 'model=~"$model"',
  feature: 'feature=~"$feature"',
  team: 'team=~"$team"',
} as const;

/** Series of a metric as far as they are chosen, by the labels that it has of the choices; `more`: further matchers. */
export function ofCalls(
  metric: string,
  {
    has = ["provider", "model", "feature", "team"],
    more = [],
  }: { has?: (keyof typeof chosen)[]; more?: string[] } = {},
): string {
  return `${metric}{${[...has.map((label) => chosen[label]), ...more].join(", ")}}`;
}

/** Rate of a counter over the panel's step. */
export const perSecond = (selector: string) => `rate(${selector}[$__rate_interval])`;

/** Share of calls that failed, over the five minutes that the alerts look at. */
export const failedShare = (by: readonly string[] = []) =>
  ratio(sumBy(by, ofCalls("call:llm_errors:increase5m")), sumBy(by, ofCalls("call:llm_requests:increase5m")));

/** A quantile of how long calls took. */
export const latency = (q: number, by: readonly string[] = []) =>
  quantile(q, ofCalls("llm_request_duration_seconds_bucket"), by);

/** Share of look-ups that the gateway's cache answered. */
export const cacheHits = (by: readonly string[] = []) => {
  const lookups = (more: string[]) =>
    sumBy(by, perSecond(ofCalls("llm_cache_requests_total", { has: ["model", "feature"], more })));
  return ratio(lookups(['result="hit"']), lookups([]));
};

/** P50, P95 and P99 of a histogram. */
export const percentiles = (buckets: string): Query[] => [
  promql(quantile(0.5, buckets), "P50"),
  promql(quantile(0.95, buckets), "P95"),
  promql(quantile(0.99, buckets), "P99"),
];

/** Spans of calls of models, for exemplars. */
export const callSpans =
  'gen_ai_operation_name=~"chat|generate_content|text_completion|embeddings", gen_ai_provider_name=~"$provider", gen_ai_request_model=~"$model"';

/** Why panels are empty on a stack where all is well. */
export const reasons = {
  noCalls: "nothing called a model in this time.",
  noSums: "nothing called a model, or not for five minutes yet: sums are taken that often.",
  noCache: "calls don't go through the gateway, or its cache is off.",
  noSdk: "no application with the SDK called a model in this time.",
  noGate: "no application limits how many calls it makes at once.",
  noFallbacks: "no call had to go to another model.",
  noBudget: "no budget is defined.",
  noJudge: "no answers are judged.",
  noAgents: "no agent ran in this time.",
  priced: "every model has a price.",
  streamed: "no call was streamed.",
  noFailures: "nothing failed in this time.",
} as const;

/** What the pages about money lack, on each of them. */
export const unpricedTokens = () =>
  stat({
    title: "Tokens without a price",
    description:
      "Tokens of the last hour whose model has no known price: they are missing in every cost shown.",
    whenRed: "Give the model a price in the definition, `llm.prices`, or correct its name.",
    mayBeEmpty: reasons.priced,
    unit: "tokens",
    thresholds: above({ warning: 1 }),
    queries: [
      promql(`sum(increase(${ofCalls("llm_unpriced_tokens_total", { has: ["provider", "model"] })}[1h]))`),
    ],
  });
