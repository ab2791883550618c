/** What a provider lets an account do in a minute, with one model. */
export interface RateLimit {
  requests: number;
  tokens: number;
}

/** What is left, to be told in headers. */
export interface Allowance {
  limit: RateLimit;
  remaining: RateLimit;
  /** Seconds until all of it is back. */
  reset: RateLimit;
  /** Seconds after which one more request fits; undefined when this one did. */
  retryAfter?: number;
}

/** Buckets that fill up evenly over a minute, one for each account and model. */
export class RateLimiter {
  readonly #used = new Map<string, { requests: number; tokens: number; at: number }>();

  /** Takes one request of so many tokens, unless it is over the limit. `now` is in milliseconds. */
  take(key: string, tokens: number, limit: RateLimit, now: number): Allowance {
    const before = this.#used.get(key) ?? { requests: 0, tokens: 0, at: now };
    const passed = (now - before.at) / 60_000;
    const used = {
      requests: Math.max(0, before.requests - passed * limit.requests),
      tokens: Math.max(0, before.tokens - passed * limit.tokens),
      at: now,
    };
    // Whatever is asked for at once may be as large as the whole limit, not larger.
    const over = Math.max(
      (used.requests + 1 - limit.requests) / limit.requests,
      (used.tokens + Math.min(tokens, limit.tokens) - limit.tokens) / limit.tokens,
    );
    if (over <= 0) {
      used.requests += 1;
      used.tokens += tokens;
    }
    this.#used.set(key, used);
    return {
      limit,
      remaining: {
        requests: Math.max(0, Math.floor(limit.requests - used.requests)),
        tokens: Math.max(0, Math.floor(limit.tokens - used.tokens)),
      },
      reset: {
        requests: (used.requests / limit.requests) * 60,
        tokens: (used.tokens / limit.tokens) * 60,
      },
      ...(over > 0 && { retryAfter: Math.max(1, Math.ceil(over * 60)) }),
    };
  }
}
