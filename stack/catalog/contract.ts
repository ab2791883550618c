import type { MetricType } from "./recording.js";

/** A metric that rules and dashboards may rely on before, and whenever, the part that produces it exists. */
export interface ContractMetric {
  name: string;
  type: Extract<MetricType, "counter" | "gauge" | "histogram">;
  /** `1` for counts and ratios, else a UCUM unit or `USD`. */
  unit: string;
  help: string;
  /** All of bounded cardinality; never a user, a request or a trace. */
  labels: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  buckets?: readonly number[];
  /** The part of obs that produces it. */
  producer: "ledger" | "sdk" | "gateway" | "judge";
}

/** Who was called, for which feature of whose. */
const call = ["model", "provider", "feature", "team"] as const;
const agent = ["agent", "feature", "team"] as const;

/** Up to minutes, with bounds at the 3 s and 5 s that alerts about slow answers compare with. */
const callSeconds = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300];
/** Agents run for minutes. */
const agentSeconds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];
const tokenBounds = [16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * The metrics of parts of obs that are still to come, agreed on beforehand: their producers must emit exactly these, and
 * rules and dashboards about them can be written, checked and tested now. A metric that is recorded from a running
 * program is known from there, and this list only says that its name is kept.
 */
export const contract: readonly ContractMetric[] = [
  // Calls of models
  counter("llm_requests_total", "1", "Calls of a model, failed ones included.", [
    ...call,
    "operation",
    "status",
  ]),
  counter("llm_errors_total", "1", "Calls of a model that failed.", [...call, "error_type"]),
  counter(
    "llm_tokens_total",
    "1",
    "Tokens used, by type: input, output, cache_read, cache_write, reasoning.",
    [...call, "type"],
  ),
  counter("llm_cost_total", "USD", "What calls cost at the prices of their day.", [...call]),
  counter(
    "llm_unpriced_tokens_total",
    "1",
    "Tokens of models without a known price: their cost is missing.",
    ["model", "provider", "type"],
  ),
  histogram(
    "llm_request_duration_seconds",
    "s",
    "How long calls of a model took.",
    [...call, "status"],
    callSeconds,
  ),
  histogram(
    "llm_time_to_first_token_seconds",
    "s",
    "How long streamed calls took to their first token.",
    [...call],
    callSeconds,
  ),
  histogram("llm_request_tokens", "1", "Tokens of a single call.", [...call, "type"], tokenBounds),
  counter("llm_retries_total", "1", "Requests that were sent again because the one before failed.", [
    "model",
    "provider",
  ]),
  gauge("llm_requests_in_progress", "1", "Calls of a model that wait for their answer.", [
    "model",
    "provider",
  ]),

  // Agents and tools
  counter("agent_requests_total", "1", "Runs of an agent, failed ones included.", [...agent, "status"]),
  counter("agent_errors_total", "1", "Runs of an agent that failed.", [...agent, "error_type"]),
  gauge("agent_active", "1", "Runs of an agent that go on now.", [...agent]),
  histogram(
    "agent_duration_seconds",
    "s",
    "How long runs of an agent took.",
    [...agent, "status"],
    agentSeconds,
  ),
  counter("agent_tokens_total", "1", "Tokens that an agent's calls used.", [...agent, "type"]),
  counter("agent_cost_total", "USD", "What an agent's calls cost.", [...agent]),
  counter("agent_tool_calls_total", "1", "Calls of tools by an agent, failed ones included.", [
    ...agent,
    "tool",
  ]),
  counter("agent_tool_errors_total", "1", "Calls of tools by an agent that failed.", [
    ...agent,
    "tool",
    "error_type",
  ]),

  // Money: anomalies and budgets
  gauge("llm_cost_anomaly_zscore", "1", "Cost of the day against the days before, in standard deviations.", [
    "feature",
    "team",
  ]),
  gauge("llm_budget_usd", "USD", "What may be spent in the budget's period.", ["budget", "scope"]),
  gauge("llm_budget_spent_usd", "USD", "What was spent so far in the budget's period.", ["budget", "scope"]),
  gauge(
    "llm_budget_forecast_usd",
    "USD",
    "What will have been spent at the end of the period, at this pace.",
    ["budget", "scope"],
  ),

  // Quotas and providers
  gauge(
    "llm_quota_limit",
    "1",
    "A provider's rate limit, by kind: requests, tokens, input_tokens, output_tokens.",
    ["provider", "model", "kind"],
  ),
  gauge("llm_quota_remaining", "1", "What is left of a provider's rate limit.", [
    "provider",
    "model",
    "kind",
  ]),
  gauge("llm_quota_headroom_ratio", "1", "What is left of a provider's rate limit, from 0 to 1.", [
    "provider",
    "model",
    "kind",
  ]),
  counter("llm_fallbacks_total", "1", "Calls that went to another model because the first failed.", [
    "model",
    "provider",
    "fallback_model",
    "fallback_provider",
    "reason",
  ]),
  gauge("llm_queue_depth", "1", "Calls that wait for their turn.", ["provider"]),

  // Cache
  counter("llm_cache_requests_total", "1", "Look-ups in the gateway's cache, by result: hit, miss.", [
    "model",
    "feature",
    "result",
  ]),
  counter("llm_cache_savings_total", "USD", "What answers from the cache would have cost.", [
    "model",
    "feature",
  ]),
  gauge("llm_cache_entries", "1", "Answers in the cache.", []),
  gauge("llm_cache_size_bytes", "By", "Size of the cache.", []),
  counter("llm_cache_evictions_total", "1", "Answers that left the cache, by reason: size, age.", ["reason"]),

  // Quality
  histogram(
    "llm_quality_score",
    "1",
    "Scores that judged answers got, from 0 to 1, higher is better, by evaluation: relevance, similarity, freedom from hallucination.",
    ["evaluation", "feature", "model", "variant"],
    tenths,
  ),
  counter("llm_judged_total", "1", "Answers that were judged.", [
    "evaluation",
    "feature",
    "model",
    "variant",
    "status",
  ]),
  counter("llm_feedback_total", "1", "Feedback of users, by rating: up, down.", [
    "feature",
    "model",
    "variant",
    "rating",
  ]),
  counter("llm_refusals_total", "1", "Answers that refused to answer.", ["feature", "model", "variant"]),
  counter("llm_policy_violations_total", "1", "Answers or prompts that broke a policy.", [
    "policy",
    "feature",
    "model",
  ]),
].map((metric) => ({ ...metric, producer: producerOf(metric.name) }));

type Unproduced = Omit<ContractMetric, "producer">;

function counter(name: string, unit: string, help: string, labels: readonly string[]): Unproduced {
  return { name, type: "counter", unit, help, labels };
}

function gauge(name: string, unit: string, help: string, labels: readonly string[]): Unproduced {
  return { name, type: "gauge", unit, help, labels };
}

function histogram(
  name: string,
  unit: string,
  help: string,
  labels: readonly string[],
  buckets: readonly number[],
): Unproduced {
  return { name, type: "histogram", unit, help, labels, buckets };
}

/** What only the application knows, what takes a gateway or a judge; all else comes from the ledger, which sees every call. */
function producerOf(name: string): ContractMetric["producer"] {
  if (/^(?:agent_active|llm_(?:quota|fallbacks|retries|requests_in_progress|queue))/.test(name)) return "sdk";
  if (/^llm_cache/.test(name)) return "gateway";
  return /^llm_(?:quality|judged|feedback|refusals|policy)/.test(name) ? "judge" : "ledger";
}
