import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { type HopResult, lastWords } from "../run-hop.js";
import { spansOfTrace, traceStoreName } from "../trace-store.js";
import type { StoredLog } from "./log-stored.js";

/** Following the ids that stand at the stored log line leads to a stored span: what a click on the line does. */
export async function logLeadsToTrace(context: VerifyContext, log: StoredLog): Promise<HopResult<true>> {
  const name = traceStoreName(context);
  const { found, lastError } = await seek(context, async (signal) => {
    const spans = await spansOfTrace(context, log.traceId, signal);
    return spans?.includes(log.spanId) || undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: `The log line in Loki does not lead to its span in ${name}.`,
    why:
      lastWords(name, lastError) ??
      `The line says trace ${log.traceId || "(none)"}, span ${log.spanId || "(none)"}; ${name} has no such span.`,
    next: "Look whether `overrides.otel-collector` or `overrides.loki` change the ids of logs.",
    suspects: ["otel-collector", "loki"],
  });
}
