import type { DataFrame } from "@grafana/data";
import type { PreviewDataSource } from "../../api.js";
import { traceFromJaeger } from "../trace/jaeger.js";
import { type OtlpTrace, traceFromOtlp } from "../trace/otlp.js";
import type { Trace } from "../trace/trace.js";
import { at } from "./data-sources.js";
import { type LokiResult, lokiFrames } from "./loki-frames.js";
import { inWords } from "./queries.js";
import { ask, RequestError, wasTakenBack } from "./request.js";
import type { JaegerTrace } from "./traces.js";

/** A trace on its way. */
export type LoadedTrace =
  | { state: "loading" }
  | { state: "done"; trace: Trace }
  | { state: "failed"; message: string; next?: string };

/** Fetches a trace from whichever store keeps them. Throws RequestError. */
export async function loadTrace(
  traceId: string,
  sources: readonly PreviewDataSource[],
  signal: AbortSignal,
): Promise<LoadedTrace> {
  const store = sources.find(({ type }) => type === "jaeger" || type === "tempo");
  if (store === undefined)
    throw new RequestError("The stack keeps no traces.", 404, "Switch them on: `traces` in the definition.");
  const path = `api/traces/${encodeURIComponent(traceId)}`;
  try {
    if (store.type === "tempo") {
      const answer = await ask<OtlpTrace>(at(store, path), { signal });
      return { state: "done", trace: traceFromOtlp(answer, traceId) };
    }
    const { data } = await ask<{ data: JaegerTrace[] | null }>(at(store, path), { signal });
    if (data?.[0]) return { state: "done", trace: traceFromJaeger(data[0]) };
  } catch (error) {
    if (!(error instanceof RequestError && error.status === 404)) throw error;
  }
  return {
    state: "failed",
    message: `${store.name} has no trace ${traceId}.`,
    next: "It may be older than what is kept, not sampled, or still within the time in which sampling decides.",
  };
}

/** Milliseconds around a trace in which its lines are looked for: clocks differ, and so do ways to the stores. */
const around = 5 * 60_000;
const mostLines = 500;

/** Lines of logs that name a trace, from the services in it. */
export async function loadLogs(
  { traceId, spans }: Trace,
  sources: readonly PreviewDataSource[],
  signal: AbortSignal,
): Promise<{ state: "done"; frames: DataFrame[] } | { state: "failed"; why: string }> {
  const store = sources.find(({ type }) => type === "loki");
  if (store === undefined) return { state: "failed", why: "The stack keeps no logs." };
  const services = [...new Set(spans.map(({ service }) => service))];
  const expr = `{service_name=~${JSON.stringify(services.map(escaped).join("|") || ".+")}} | trace_id=${JSON.stringify(traceId)}`;
  const search = new URLSearchParams({
    query: expr,
    start: nanoseconds(Math.min(...spans.map(({ start }) => start)) - around),
    end: nanoseconds(Math.max(...spans.map(({ start, duration }) => start + duration)) + around),
    limit: String(mostLines),
    direction: "forward",
  });
  try {
    const { data } = await ask<{ data: LokiResult }>(at(store, "loki/api/v1/query_range", search), {
      signal,
    });
    return { state: "done", frames: lokiFrames(data, { refId: "logs", expr }) };
  } catch (error) {
    if (wasTakenBack(error)) throw error;
    return { state: "failed", why: inWords(error).message };
  }
}

const nanoseconds = (time: number) => `${Math.round(time)}000000`;

const escaped = (text: string) => text.replace(/[\\^$*+?.()|[\]{}]/g, "\\$&");
