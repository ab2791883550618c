import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyService } from "../payload.js";
import { queryExemplars, storedSpanMetrics } from "../prometheus.js";
import { type HopResult, lastWords } from "../run-hop.js";

/** The exemplars of the span metrics, made after sampling, point at the kept trace. */
export async function spanExemplar(context: VerifyContext): Promise<HopResult<true>> {
  const selector = `${storedSpanMetrics.kept}_duration_seconds_bucket{service_name="${verifyService}"}`;
  const { found, lastError } = await seek(context, async (signal) => {
    const exemplars = await queryExemplars(context, selector, signal);
    return exemplars.some(({ labels }) => labels.trace_id === context.ids.trace) || undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: "No exemplar of the span metrics points at the trace.",
    why: lastWords("prometheus", lastError) ?? "The trace itself was kept and stored.",
    next: "Look whether `overrides` change the span metrics or `storage.exemplars`, and at `obs logs otel-collector prometheus`.",
    suspects: ["otel-collector", "prometheus"],
  });
}
