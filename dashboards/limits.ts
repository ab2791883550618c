import { above, below } from "./lib/index.js";

/** From where on things are bad, the same on every page; where an alert watches them, its default thresholds. */
export const limits = {
  /** Share of calls of a model, or of requests to a service, that fail: LlmErrorRateElevated, LlmErrorRateHigh, ServiceErrorsHigh. */
  failed: above({ warning: 0.02, critical: 0.05 }),
  /** Seconds that 95 of 100 calls of a model take: LlmLatencyElevated, LlmLatencyHigh. */
  callSeconds: above({ warning: 3, critical: 5 }),
  /** Seconds to the first token: LlmFirstTokenSlow. */
  firstTokenSeconds: above({ warning: 3 }),
  /** Share of a provider's rate limit that is left: LlmQuotaNearlyUsed. */
  quota: below({ warning: 0.2, critical: 0.1 }),
  /** Share of calls that go to another model: LlmFallbacksFrequent. */
  fallbacks: above({ warning: 0.1 }),
  /** Share of an agent's runs that fail: AgentErrorRateHigh. */
  failedRuns: above({ warning: 0.05, critical: 0.1 }),
  /** Share of a tool's calls that fail: AgentToolErrorsHigh. */
  failedTools: above({ warning: 0.1 }),
  /** Seconds that 99 of 100 requests to a service take: ServiceLatencyHigh. */
  requestSeconds: above({ warning: 0.2, critical: 1 }),
  /** Share of an error budget that is left. */
  errorBudget: below({ warning: 0.25, critical: 0 }),
  /** How many times too fast a budget burns, over 30 days: SloBurnSlow, SloBurnFast. */
  burnRate: above({ warning: 3, critical: 14.4 }),
  /** Share of a file system that is free: HostDiskFull. */
  diskSpace: below({ warning: 0.15, critical: 0.05 }),
  /** Share of a queue's place that is taken: StackQueueFilling. */
  queue: above({ warning: 0.5, critical: 0.9 }),
} as const;
