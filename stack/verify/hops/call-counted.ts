import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyService } from "../payload.js";
import { queryPrometheus } from "../prometheus.js";
import { type HopResult, lastWords } from "../run-hop.js";

/** Prometheus counts as many calls of the kind as the ledger has rows of. */
export async function callCounted(context: VerifyContext, rows: number): Promise<HopResult<true>> {
  let counted: number | undefined;
  const { found, lastError } = await seek(context, async (signal) => {
    const [series] = await queryPrometheus(
      context,
      `sum(llm_requests_total{provider="${verifyService}"})`,
      signal,
    );
    counted = series?.value === undefined ? undefined : Number(series.value[1]);
    return (counted ?? 0) >= rows || undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: "The metrics of model calls do not count the call.",
    why:
      lastWords("prometheus", lastError) ??
      `The ledger has ${rows} such calls, Prometheus ${counted === undefined ? "none" : `counts ${counted}`}.`,
    next: "Look at `obs logs llm-ledger prometheus`.",
    suspects: ["llm-ledger", "prometheus"],
  });
}
