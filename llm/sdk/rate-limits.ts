import type { Attributes } from "@opentelemetry/api";

/** What a provider said is left of one of an account's limits. */
export interface Reading {
  limit: number;
  remaining: number;
  labels: Attributes;
  /** `performance.now()` at its arrival. */
  at: number;
}

/** Limits are of a minute: who asked nothing for longer has all of it back, and hears nothing of it. */
const fresh = 90_000;
/** Models are few; a name made up for each call must not fill the memory. */
const atMost = 500;

/**
 * Kinds of limits, and the headers that tell them: those of OpenAI's protocol (https://platform.openai.com/docs/guides/rate-limits)
 * and of Anthropic's (https://docs.anthropic.com/en/api/rate-limits), which has tokens read and written apart, too.
 */
const kinds = ["requests", "tokens", "input-tokens", "output-tokens"].map((kind) => ({
  kind: kind.replace("-", "_"),
  headers: [
    [`x-ratelimit-limit-${kind}`, `x-ratelimit-remaining-${kind}`],
    [`anthropic-ratelimit-${kind}-limit`, `anthropic-ratelimit-${kind}-remaining`],
  ] as const,
}));

/** The newest answer of each model, with headers that nobody has read yet. */
const unread = new Map<string, { headers: unknown; provider: string; model: string; at: number }>();
const readings = new Map<string, Reading>();

/**
 * Keeps the headers of an answer, for when somebody asks what they say of rate limits: to read them costs more than the
 * rest of a call, and the next call's say more. `headers`: of `fetch`, or a plain object as older clients' errors have.
 */
export function keepRateLimits(headers: unknown, provider: string, model: string): void {
  if (typeof headers !== "object" || headers === null) return;
  put(unread, `${provider}\n${model}`, { headers, provider, model, at: performance.now() });
}

/** What is known of limits now. */
export function rateLimits(): Reading[] {
  for (const answer of unread.values()) read(answer);
  unread.clear();
  const since = performance.now() - fresh;
  for (const [key, { at }] of readings) if (at < since) readings.delete(key);
  return [...readings.values()];
}

function read({
  headers,
  provider,
  model,
  at,
}: {
  headers: unknown;
  provider: string;
  model: string;
  at: number;
}) {
  const get = getter(headers as object);
  for (const { kind, headers: names } of kinds) {
    for (const [limitName, remainingName] of names) {
      const limit = numberOf(get(limitName));
      const remaining = numberOf(get(remainingName));
      if (limit === undefined || remaining === undefined || limit === 0) continue;
      put(readings, `${provider}\n${model}\n${kind}`, {
        limit,
        remaining,
        labels: { provider, model, kind },
        at,
      });
      break;
    }
  }
}

/** The newest last; the oldest goes where there are too many. */
function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > atMost) map.delete(map.keys().next().value!);
}

function getter(headers: object): (name: string) => unknown {
  const { get } = headers as { get?: unknown };
  return typeof get === "function"
    ? (name) => get.call(headers, name)
    : (name) => (headers as Record<string, unknown>)[name];
}

function numberOf(text: unknown): number | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
