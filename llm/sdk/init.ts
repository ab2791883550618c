import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import {
  type Attributes,
  context,
  DiagConsoleLogger,
  diag,
  metrics,
  propagation,
  trace,
} from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  CompositePropagator,
  diagLogLevelFromString,
  setGlobalErrorHandler,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { callAttributes, optIn, samplingAttributes } from "../semconv.js";
import { redactContent } from "./content.js";
import { Delivery } from "./delivery.js";
import { countOf, type Environment, isTrue, listOf, oneOf, textOf } from "./environment.js";
import { flushOnExit } from "./exit.js";
import { type Exporters, exportersFor } from "./exporters.js";
import { say } from "./say.js";
import { countLogs, stampSpans } from "./stamp.js";
import { state } from "./state.js";

/** What the environment doesn't say, or is to say otherwise. */
export interface InitOptions {
  /** Instead of `OTEL_SERVICE_NAME`. */
  serviceName?: string;
  /** Added to `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?: Attributes;
  /**
   * Whether prompts and answers become attributes, masked and cut; else
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says so, and by default nothing does. The stack's collector
   * drops them unless `collector.content.keep` is set there, too.
   */
  captureContent?: boolean;
  /** OpenTelemetry's exporters that take spans, log lines and metrics at once, instead of what the environment names: for tests. */
  exporters?: { traces?: AnyExporter; logs?: AnyExporter; metrics?: AnyExporter };
}

/** An exporter of OpenTelemetry's; their packages needn't be installed to read these types. */
export interface AnyExporter {
  // biome-ignore lint/suspicious/noExplicitAny: spans, log records or metrics.
  export(items: any, done: (result: { code: number; error?: Error }) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The telemetry of this process. */
export interface Telemetry {
  /** Sends what waits. Never throws. */
  flush(): Promise<void>;
  /** Sends what waits, calls that go on included, and ends. Never throws. */
  shutdown(): Promise<void>;
}

/** Nobody waits longer for a collector that is away. */
const waitMs = 3_000;

/**
 * Starts telemetry from the standard `OTEL_*` variables: batched, beside the application, and flushed when it exits.
 * Called again, it gives what the first call began. Never throws: what can't be begun is told once on stderr.
 */
export function init(options: InitOptions = {}): Telemetry {
  if (state.telemetry) return state.telemetry;
  try {
    state.telemetry = begin(options, process.env);
  } catch (error) {
    say(
      `telemetry could not be started (${(error as Error)?.message ?? error}); the application goes on without`,
    );
    state.telemetry = nothing;
  }
  return state.telemetry;
}

const nothing: Telemetry = { flush: async () => {}, shutdown: async () => {} };

function begin(options: InitOptions, env: Environment): Telemetry {
  if (isTrue(env, "OTEL_SDK_DISABLED")) return nothing;
  const level = textOf(env, "OTEL_LOG_LEVEL");
  if (level !== undefined) diag.setLogger(new DiagConsoleLogger(), diagLogLevelFromString(level));
  // Told by the exporters already, once; with OTEL_LOG_LEVEL all of it.
  setGlobalErrorHandler((error) => diag.debug(String((error as Error)?.message ?? error)));
  state.generation = listOf(env, "OTEL_SEMCONV_STABILITY_OPT_IN").includes(optIn) ? "latest" : "default";
  state.content = capturesContent(options, env) ? redactContent : undefined;

  const { sampler, kept } = samplerOf(env);
  const resource = resourceOf(options, kept);
  const exporters = (options.exporters as Exporters | undefined) ?? exportersFor(env);
  const spans = exporters.traces && new Delivery<ReadableSpan>("spans", exporters.traces);
  const lines = exporters.logs && new Delivery<ReadableLogRecord>("log lines", exporters.logs);

  const tracers = new TracerProvider({
    resource,
    sampler,
    spanLimits: {
      attributeValueLengthLimit: countOf(env, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", 20_000),
      attributeCountLimit: countOf(env, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", 128),
    },
    spanProcessors: spans ? [stampSpans(spans), spanProcessor(spans, options, env)] : [],
  });
  if (!trace.setGlobalTracerProvider(tracers)) {
    say("another OpenTelemetry SDK is set up in this process already: its exporters are used");
    return nothing;
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  const loggers = new LoggerProvider({
    resource,
    processors: lines ? [countLogs(lines), logProcessor(lines, options, env)] : [],
  });
  logs.setGlobalLoggerProvider(loggers);
  const meterProvider = new MeterProvider({
    resource,
    readers: exporters.metrics ? [metricReader(exporters.metrics, env)] : [],
  });
  metrics.setGlobalMeterProvider(meterProvider);

  const providers = [tracers, loggers, meterProvider];
  const all = (what: "forceFlush" | "shutdown") =>
    within(
      waitMs,
      Promise.allSettled(providers.map((provider) => provider[what]())).then(() =>
        Promise.allSettled([spans?.flush(), lines?.flush()]),
      ),
    );
  const abandonCalls = () => {
    for (const call of [...state.open]) call.abandon();
  };
  let ended: Promise<boolean> | undefined;
  const end = () => {
    ended ??= (async () => {
      abandonCalls();
      const inTime = await all("shutdown");
      const sent = [spans, lines].map((delivery) => delivery?.report() ?? true);
      return inTime && sent.every(Boolean);
    })();
    return ended;
  };
  const endNow = () => {
    if (ended) return;
    abandonCalls();
    const flush = () => void tracers.forceFlush().catch(() => {});
    if (!exporters.tracesNow || !spans) return flush();
    const left = spans.lastWords(flush);
    if (left.length > 0) exporters.tracesNow(left);
  };
  flushOnExit({ flush: () => all("forceFlush"), end, endNow });
  return {
    flush: async () => void (await all("forceFlush")),
    shutdown: async () => void (await end()),
  };
}

function capturesContent({ captureContent }: InitOptions, env: Environment): boolean {
  // The older switch is true or false; the newer one says where to put it.
  const said = textOf(env, "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?.toLowerCase() ?? "";
  return captureContent ?? ["true", "span_only", "event_only", "span_and_event"].includes(said);
}

function resourceOf({ serviceName, resourceAttributes }: InitOptions, kept: number) {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        "host.name": hostname(),
        "process.pid": process.pid,
        "service.instance.id": randomUUID(),
        "telemetry.distro.name": "obs-stack",
        // So that whoever counts what arrives knows that it isn't all.
        ...(kept < 1 && {
          [samplingAttributes.type]: "probabilistic",
          [samplingAttributes.param]: kept,
        }),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes({
        ...resourceAttributes,
        ...(serviceName !== undefined && { [callAttributes.service.name]: serviceName }),
      }),
    );
}

/** By the specification; whatever drops spans here drops their cost. `kept` is which part is not dropped. */
function samplerOf(env: Environment): { sampler: Sampler; kept: number } {
  const names = [
    "parentbased_always_on",
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_off",
    "parentbased_traceidratio",
  ] as const;
  const name = oneOf(env, ["OTEL_TRACES_SAMPLER"], names, "parentbased_always_on");
  const asked = Number(textOf(env, "OTEL_TRACES_SAMPLER_ARG") ?? 1);
  const ratio = asked >= 0 && asked <= 1 ? asked : 1;
  const kept = name.endsWith("always_on") ? 1 : name.endsWith("always_off") ? 0 : ratio;
  if (kept < 1)
    say(`OTEL_TRACES_SAMPLER=${name} leaves calls out of traces, of metrics about them and of costs`);
  const root =
    kept === 1
      ? new AlwaysOnSampler()
      : kept === 0
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(kept);
  return { sampler: name.startsWith("parentbased") ? new ParentBasedSampler({ root }) : root, kept };
}

function spanProcessor(
  { exporter }: Delivery<ReadableSpan>,
  { exporters }: InitOptions,
  env: Environment,
): SpanProcessor {
  if (exporters) return new SimpleSpanProcessor({ exporter });
  return new BatchSpanProcessor({
    exporter,
    // More than the default's 2,048: a thousand streams may end at once, and each is money.
    maxQueueSize: countOf(env, "OTEL_BSP_MAX_QUEUE_SIZE", 8_192),
    maxExportBatchSize: countOf(env, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512),
    scheduledDelayMillis: countOf(env, "OTEL_BSP_SCHEDULE_DELAY", 1_000),
    exportTimeoutMillis: countOf(env, "OTEL_BSP_EXPORT_TIMEOUT", 30_000),
  });
}

function logProcessor(
  { exporter }: Delivery<ReadableLogRecord>,
  { exporters }: InitOptions,
  env: Environment,
): LogRecordProcessor {
  if (exporters) return new SimpleLogRecordProcessor({ exporter });
  return new BatchLogRecordProcessor({
    exporter,
    maxQueueSize: countOf(env, "OTEL_BLRP_MAX_QUEUE_SIZE", 8_192),
    maxExportBatchSize: countOf(env, "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 512),
    scheduledDelayMillis: countOf(env, "OTEL_BLRP_SCHEDULE_DELAY", 1_000),
    exportTimeoutMillis: countOf(env, "OTEL_BLRP_EXPORT_TIMEOUT", 30_000),
  });
}

function metricReader(exporter: PushMetricExporter, env: Environment) {
  const interval = countOf(env, "OTEL_METRIC_EXPORT_INTERVAL", 15_000);
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: interval,
    exportTimeoutMillis: Math.min(interval, countOf(env, "OTEL_METRIC_EXPORT_TIMEOUT", 10_000)),
    // Tenants with names of their own models don't fill the memory.
    cardinalityLimits: { default: 2_000 },
  });
}

/** Whether work was done in time. */
function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
