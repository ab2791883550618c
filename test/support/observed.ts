import Anthropic from "@anthropic-ai/sdk";
import { InMemoryLogRecordExporter } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import OpenAI from "openai";
import { type Provider, startProvider } from "../../llm/demo/provider/provider.js";
import { type InitOptions, init, observeAnthropic, observeOpenAI } from "../../llm/sdk/index.js";
import { waitFor } from "./wait-for.js";

const traces = new InMemorySpanExporter();
const logs = new InMemoryLogRecordExporter();
const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);

/** Starts the SDK of this test file, once, with exporters that remember. */
export function initInMemory(options: InitOptions = {}) {
  return init({ serviceName: "test", ...options, exporters: { traces, logs, metrics } });
}

/** What was recorded since the last look, when there is that much. */
export async function recordedSpans(count: number): Promise<ReadableSpan[]> {
  const spans = await waitFor(`${count} spans`, async () => {
    const found = traces.getFinishedSpans();
    return found.length >= count && [...found];
  });
  traces.reset();
  return spans;
}

/** The log lines since the last look. */
export function recordedLines() {
  const lines = logs.getFinishedLogRecords();
  const found = [...lines];
  logs.reset();
  return found;
}

/** Every metric as it stands. */
export async function recordedMetrics(
  flush: () => Promise<void>,
): Promise<ResourceMetrics["scopeMetrics"][0]["metrics"]> {
  await flush();
  return (
    metrics
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((each) => each.metrics) ?? []
  );
}

/** Forgets what was recorded. */
export function forget(): void {
  traces.reset();
  logs.reset();
}

/** A provider without waiting, and clients of it: bare and observed. */
export async function observedProvider(): Promise<{
  provider: Provider;
  openai: OpenAI;
  anthropic: Anthropic;
  bare: { openai: () => OpenAI; anthropic: () => Anthropic };
}> {
  const provider = await startProvider({ pace: 0 });
  const bare = {
    openai: () => new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: "sk-demo", maxRetries: 0 }),
    anthropic: () => new Anthropic({ baseURL: provider.url, apiKey: "sk-demo", maxRetries: 0 }),
  };
  return {
    provider,
    bare,
    openai: observeOpenAI(bare.openai()),
    anthropic: observeAnthropic(bare.anthropic()),
  };
}
