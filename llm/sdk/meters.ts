import type { Attributes, Context, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";
import { clientMetrics, sdkMetrics } from "../semconv.js";
import { calledModels } from "./called-models.js";
import { rateLimits } from "./rate-limits.js";
import { state } from "./state.js";

// Bounds as the conventions advise (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const longRun = [...seconds, 163.84, 327.68, 655.36, 1310.72];

/** Tokens of a call; null where nobody said. */
export interface Usage {
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  reasoning?: number;
  /** Of those written to a cache, those kept for an hour. */
  cacheWriteHour?: number;
  inputAudio?: number;
  outputAudio?: number;
}

/** The instruments of one meter provider. */
export interface Meters {
  /** Durations in seconds; the context is that of the call's span, which an exemplar names. */
  call(
    attributes: Attributes,
    duration: number,
    firstChunk: number | undefined,
    usage: Usage,
    context: Context,
  ): void;
  agent(attributes: Attributes, duration: number): void;
  tool(attributes: Attributes, duration: number): void;
  /** Runs of an agent that go on now. */
  active: UpDownCounter;
  /** Calls that wait until they may begin. */
  waitingCalls: UpDownCounter;
  retry(attributes: Attributes): void;
  fallback(attributes: Attributes): void;
}

/** Makes the instruments of one meter. */
export function makeMeters(meter: Meter): Meters {
  const histogram: MakeHistogram = (name, unit, description, bounds) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: bounds } });
  const { latest, default: older } = clientMetrics;
  const isLatest = state.generation === "latest";
  const durationName = isLatest ? latest.operationDuration : older.operationDuration;
  const duration = histogram(durationName, "s", "How long calls of a model took.", seconds);
  const toFirst = "From asking to the first chunk of a streamed answer.";
  const firstChunk = histogram(older.timeToFirstChunk, "s", toFirst, seconds);
  const agentDuration = histogram(latest.agentDuration, "s", "How long runs of an agent took.", longRun);
  const toolDuration = histogram(latest.toolDuration, "s", "How long calls of a tool took.", seconds);
  const retries = meter.createCounter(sdkMetrics.retries, {
    description: "Requests that were sent again because the one before failed.",
  });
  const fallbacks = meter.createCounter(sdkMetrics.fallbacks, {
    description: "Calls that went to another model because the first failed.",
  });
  observeInProgress(meter);
  observeRateLimits(meter);
  const recordTokens = isLatest ? tokensByKind(histogram) : tokensByType(histogram);
  return {
    call(attributes, took, first, usage, context) {
      duration.record(took, attributes, context);
      if (first !== undefined) firstChunk.record(first, attributes, context);
      recordTokens(attributes, usage, context);
    },
    agent: (attributes, took) => agentDuration.record(took, attributes),
    tool: (attributes, took) => toolDuration.record(took, attributes),
    active: meter.createUpDownCounter(sdkMetrics.agentActive, {
      description: "Runs of an agent that go on now.",
    }),
    waitingCalls: meter.createUpDownCounter(sdkMetrics.queueDepth, {
      description: "Calls that wait for their turn.",
    }),
    retry: (attributes) => retries.add(1, attributes),
    fallback: (attributes) => fallbacks.add(1, attributes),
  };
}

function observeInProgress(meter: Meter): void {
  const description = "Calls of a model that wait for their answer.";
  meter.createObservableUpDownCounter(sdkMetrics.callsInProgress, { description }).addCallback((result) => {
    for (const { inProgress, labels } of calledModels()) result.observe(inProgress, labels);
  });
}

/** Read when metrics are collected: a reading that is told for ever would say that a quota is used up long after. */
function observeRateLimits(meter: Meter): void {
  const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description });
  const limit = gauge(sdkMetrics.quotaLimit, "A provider's rate limit.");
  const remaining = gauge(sdkMetrics.quotaRemaining, "What is left of a provider's rate limit.");
  const headroom = gauge(sdkMetrics.quotaHeadroom, "What is left of a provider's rate limit, from 0 to 1.");
  meter.addBatchObservableCallback(
    (result) => {
      for (const reading of rateLimits()) {
        result.observe(limit, reading.limit, reading.labels);
        result.observe(remaining, reading.remaining, reading.labels);
        result.observe(headroom, Math.min(1, reading.remaining / reading.limit), reading.labels);
      }
    },
    [limit, remaining, headroom],
  );
}

type MakeHistogram = (name: string, unit: string, description: string, bounds: number[]) => Histogram;
type RecordTokens = (attributes: Attributes, usage: Usage, context: Context) => void;

function tokensByType(histogram: MakeHistogram): RecordTokens {
  const used = histogram(clientMetrics.default.tokenUsage, "{token}", "Tokens of a call.", tokens);
  return (attributes, { input, output }, context) => {
    if (input !== undefined)
      used.record(input, { ...attributes, [clientMetrics.tokenType]: "input" }, context);
    if (output !== undefined)
      used.record(output, { ...attributes, [clientMetrics.tokenType]: "output" }, context);
  };
}

function tokensByKind(histogram: MakeHistogram): RecordTokens {
  const { latest } = clientMetrics;
  const names = [
    ["input", latest.inputTokens],
    ["output", latest.outputTokens],
    ["cacheRead", latest.cacheReadTokens],
    ["cacheWrite", latest.cacheWriteTokens],
    ["reasoning", latest.reasoningTokens],
  ] as const;
  const used = names.map(
    ([kind, name]) => [kind, histogram(name, "{token}", "Tokens of a call.", tokens)] as const,
  );
  return (attributes, usage, context) => {
    for (const [kind, each] of used) {
      const count = usage[kind];
      if (count !== undefined) each.record(count, attributes, context);
    }
  };
}
