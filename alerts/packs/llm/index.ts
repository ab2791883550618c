import { defineRules, type RulePack } from "obs-stack";
import { type AgentOptions, agentGroups } from "./agents.js";
import { type CostOptions, costGroups } from "./cost.js";
import { type ErrorOptions, errorGroups } from "./errors.js";
import { type LatencyOptions, latencyGroups } from "./latency.js";
import { llmOptions } from "./options.js";
import { type QualityOptions, qualityGroups } from "./quality.js";
import { type QuotaOptions, quotaGroups } from "./quota.js";

/** Limits of the alerts about models and agents: what each means and where its default comes from stands beside it. */
export interface LlmPackOptions
  extends ErrorOptions,
    LatencyOptions,
    CostOptions,
    QuotaOptions,
    QualityOptions,
    AgentOptions {
  /** Who answers for the alerts. Default: `ai-platform`. */
  owner?: string;
}

/** Alerts about calls of models and about agents: errors, latency, cost, quota, quality. Without options: sensible limits. */
export function llmPack(options: LlmPackOptions = {}): RulePack {
  const faults = llmOptions(options, "");
  const pack = {
    name: "llm",
    owner: options.owner ?? "ai-platform",
    description: "Calls of models and agents: errors, latency, cost, quota, quality.",
    faults,
  };
  if (faults.length > 0) return defineRules({ ...pack, groups: [] });
  return defineRules({
    ...pack,
    groups: [
      ...errorGroups(options),
      ...latencyGroups(options),
      ...costGroups(options),
      ...quotaGroups(options),
      ...qualityGroups(options),
      ...agentGroups(options),
    ].filter(({ rules }) => rules.length > 0),
  });
}
