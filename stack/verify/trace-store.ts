import { askJson } from "./ask.js";
import { urlOf, type VerifyContext } from "./context.js";

interface TempoSpans {
  scopeSpans?: { spans?: { spanId: string }[] }[];
}

/** Name by which messages call the store of traces. */
export function traceStoreName({ rendered }: VerifyContext): "Tempo" | "Jaeger" {
  return rendered.facts.traces.backend === "tempo" ? "Tempo" : "Jaeger";
}

/** Ids (hex) of the spans that the store has of a trace; undefined when it doesn't know the trace. */
export async function spansOfTrace(
  context: VerifyContext,
  traceId: string,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  if (context.rendered.facts.traces.backend === "jaeger") {
    const answer = await askJson<{ data?: { spans: { spanID: string }[] }[] }>(
      urlOf(context, "jaeger", `/api/traces/${traceId}`),
      signal,
    );
    return answer?.data?.[0]?.spans.map(({ spanID }) => spanID.padStart(16, "0"));
  }
  const answer = await askJson<{ trace?: { resourceSpans?: TempoSpans[] } }>(
    urlOf(context, "tempo", `/api/v2/traces/${traceId}`),
    signal,
  );
  const spans = (answer?.trace?.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans ?? [])
    .flatMap((scope) => scope.spans ?? []);
  return spans.length === 0 ? undefined : spans.map(({ spanId }) => hexId(spanId));
}

/** Tempo writes ids as protobuf's JSON does, in base64; OTLP's own JSON has them in hex. */
function hexId(id: string): string {
  return /^[0-9a-f]{16}$/i.test(id) ? id.toLowerCase() : Buffer.from(id, "base64").toString("hex");
}
