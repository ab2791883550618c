import { askJson } from "../ask.js";
import { seek, urlOf, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyLogBody, verifyService } from "../payload.js";
import { type HopResult, lastWords } from "../run-hop.js";

interface Streams {
  data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
}

/** Where the stored log line points. */
export interface StoredLog {
  traceId: string;
  spanId: string;
}

/** The log record is in Loki and is found by its trace id. */
export async function logStored(context: VerifyContext): Promise<HopResult<StoredLog>> {
  const { ids, sentAt } = context;
  const query = `{service_name="${verifyService}"} | trace_id="${ids.trace}"`;
  const { found, lastError } = await seek(context, async (signal) => {
    const range = { start: `${sentAt - 60_000}000000`, end: `${Date.now() + 60_000}000000` };
    const path = `/loki/api/v1/query_range?${new URLSearchParams({ query, ...range, limit: "10" })}`;
    const answer = await askJson<Streams>(urlOf(context, "loki", path), signal);
    return answer?.data.result.find(({ values }) => values.some(([, line]) => line === verifyLogBody(ids)));
  });
  if (found) return { value: { traceId: found.stream.trace_id ?? "", spanId: found.stream.span_id ?? "" } };
  throw new HopFailure({
    what: "The log record is not found in Loki by its trace id.",
    why: lastWords("loki", lastError) ?? "The collector had accepted it.",
    next: "Look at `obs logs otel-collector loki` for what Loki refused.",
    suspects: ["otel-collector", "loki"],
  });
}
