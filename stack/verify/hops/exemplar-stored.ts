import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyMetric } from "../payload.js";
import { queryExemplars } from "../prometheus.js";
import { type HopResult, lastWords } from "../run-hop.js";

/** The metric's exemplar is in Prometheus and points at the trace. */
export async function exemplarStored(context: VerifyContext): Promise<HopResult<true>> {
  const selector = `${verifyMetric.stored}_bucket{${verifyMetric.label}="${context.ids.run}"}`;
  const { found, lastError } = await seek(context, async (signal) => {
    const exemplars = await queryExemplars(context, selector, signal);
    return exemplars.some(({ labels }) => labels.trace_id === context.ids.trace) || undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: "The metric's exemplar that points at the trace is not in Prometheus.",
    why: lastWords("prometheus", lastError) ?? "The metric itself is there.",
    next: "Look whether `overrides.prometheus` takes `storage.exemplars` away, and at `obs logs prometheus`.",
    suspects: ["prometheus"],
  });
}
