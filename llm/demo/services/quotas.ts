import { metrics } from "@opentelemetry/api";
import type { ModelRef } from "../features.js";
import { scope } from "./spans.js";

/** Headers of both providers about what is left of a minute, by kind: limit, remaining. */
const headers = {
  openai: {
    requests: ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests"],
    tokens: ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens"],
  },
  anthropic: {
    requests: ["anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining"],
    tokens: ["anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining"],
  },
} as const;

/** What providers' headers tell of rate limits, as the metrics of the contract. */
export class Quotas {
  readonly #limit = metrics.getMeter(scope).createGauge("llm.quota.limit");
  readonly #remaining = metrics.getMeter(scope).createGauge("llm.quota.remaining");
  readonly #headroom = metrics.getMeter(scope).createGauge("llm.quota.headroom", { unit: "1" });

  /** Reads the headers of an answer. */
  see({ provider, model }: ModelRef, answer: { get(name: string): string | null }): void {
    for (const [kind, [limitName, remainingName]] of Object.entries(headers[provider])) {
      const limit = Number(answer.get(limitName) ?? Number.NaN);
      const remaining = Number(answer.get(remainingName) ?? Number.NaN);
      if (!(limit > 0) || Number.isNaN(remaining)) continue;
      const labels = { provider, model, kind };
      this.#limit.record(limit, labels);
      this.#remaining.record(remaining, labels);
      this.#headroom.record(remaining / limit, labels);
    }
  }
}
