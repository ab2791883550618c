import type { Attributes } from "@opentelemetry/api";
import { type CalledModel, calledModels } from "./called-models.js";

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
/** Readings that are kept: a name made up for each call must not fill the memory. */
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

const readings = new Map<string, Reading>();

/**
 * Keeps the headers of an answer, for when somebody asks what they say of rate limits: to read them costs more than the
 * rest of a call, and the next call's say more. `headers`: of `fetch`, or a plain object as older clients' errors have.
 */
export function keepRateLimits(headers: unknown, model: CalledModel): void {
  if (typeof headers === "object" && headers !== null) model.unread = { headers, at: performance.now() };
}

/** What is known of limits now. */
export function rateLimits(): Reading[] {
  for (const model of calledModels()) {
    if (model.unread) read(model.unread, model.labels);
    model.unread = undefined;
  }
  const since = performance.now() - fresh;
  for (const [key, { at }] of readings) if (at < since) readings.delete(key);
  return [...readings.values()];
}

function read(
  { headers, at }: NonNullable<CalledModel["unread"]>,
  { provider, model }: CalledModel["labels"],
) {
  const get = getter(headers);
  for (const { kind, headers: names } of kinds) {
    for (const [limitName, remainingName] of names) {
      const limit = numberOf(get(limitName));
      const remaining = numberOf(get(remainingName));
      if (limit === undefined || remaining === undefined || limit === 0) continue;
      const key = `${provider}\n${model}\n${kind}`;
      // The newest last; the oldest goes where there are too many.
      readings.delete(key);
      readings.set(key, { limit, remaining, labels: { provider, model, kind }, at });
      if (readings.size > atMost) readings.delete(readings.keys().next().value!);
      break;
    }
  }
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
