import { type Attributes, type Context, context, createContextKey } from "@opentelemetry/api";
import { errorTypeOf } from "../error-type.js";
import { meters } from "./registered.js";

/** What went wrong on the way before, as far as a model was called there. */
interface Attempt {
  failed?: { provider: string; model: string; reason: string };
  counted?: boolean;
  /** The way before this one. */
  before?: Attempt;
}

const attemptKey = createContextKey("obs-stack attempt");

/**
 * Goes one way after the other until one succeeds, and gives what that gives; throws what the last one throws.
 * `await withFallback(() => ask(openai, "gpt-5"), () => ask(anthropic, "claude-sonnet-4-5"))`. Calls of models that are
 * made because those before failed are counted as fallbacks.
 */
export async function withFallback<Ways extends readonly [() => unknown, ...(() => unknown)[]]>(
  ...ways: Ways
): Promise<Awaited<ReturnType<Ways[number]>>> {
  let before: Attempt | undefined;
  for (const [at, way] of ways.entries()) {
    const attempt: Attempt = { ...(before && { before }) };
    try {
      const given: unknown = await context.with(context.active().setValue(attemptKey, attempt), way);
      return given as Awaited<ReturnType<Ways[number]>>;
    } catch (error) {
      if (at === ways.length - 1) throw error;
      before = attempt;
    }
  }
  throw new TypeError("withFallback needs something to do");
}

/** A call of a model begins: it may be what another is replaced by. */
export function beginsInstead(of: Context, provider: string, model: string): void {
  const attempt = of.getValue(attemptKey) as Attempt | undefined;
  const failed = attempt?.before?.failed;
  if (!attempt || !failed || attempt.counted) return;
  attempt.counted = true;
  const labels: Attributes = {
    provider: failed.provider,
    model: failed.model,
    fallback_provider: provider,
    fallback_model: model,
    reason: failed.reason,
  };
  meters().fallback(labels);
}

/** A call of a model failed: another may follow in its place. `errorType`: the client's own word. */
export function failedOnTheWay(
  of: Context,
  call: { provider: string; model: string; errorType: string; status: number | undefined; message: string },
): void {
  const attempt = of.getValue(attemptKey) as Attempt | undefined;
  if (!attempt) return;
  const { provider, model, errorType, status, message } = call;
  attempt.failed = { provider, model, reason: errorTypeOf(errorType, status ?? 0, message) };
}
