import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyService, verifySpans } from "../payload.js";
import { queryPrometheus, type Series, storedSpanMetrics } from "../prometheus.js";
import { type HopResult, lastWords } from "../run-hop.js";

/** The span metrics, made before sampling, count each of the trace's spans. */
export async function spansCounted(context: VerifyContext): Promise<HopResult<true>> {
  const query = `${storedSpanMetrics.all}_calls_total{service_name="${verifyService}"}[10m]`;
  const { found, lastError } = await seek(context, async (signal) => {
    const series = await queryPrometheus(context, query, signal);
    const grew = (span: string) =>
      series.some((one) => one.metric.span_name === span && increaseSince(one, context.sentAt) >= 1);
    return Object.values(verifySpans).every(grew) || undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: "The trace's spans are not counted in the span metrics.",
    why: lastWords("prometheus", lastError) ?? "The collector had accepted the trace.",
    next: "Look at `obs logs otel-collector prometheus`; the collector hands span metrics over every 5 s.",
    suspects: ["otel-collector", "prometheus"],
  });
}

/**
 * By how much a counter grew after a moment (ms since 1970). Raw samples instead of `increase()`, which needs two samples
 * within its window; what a counter had before the moment counts as nothing when there is no sample of it.
 */
export function increaseSince({ values = [] }: Series, sinceMs: number): number {
  const after = values.findIndex(([seconds]) => seconds * 1000 >= sinceMs);
  if (after === -1) return 0;
  const numbers = values.map(([, value]) => Number(value));
  return numbers.slice(after).reduce((sum, value, at) => {
    const before = numbers[after + at - 1] ?? 0;
    // A counter that fell began again at zero.
    return sum + (value >= before ? value - before : value);
  }, 0);
}
