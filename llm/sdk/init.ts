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
  type LogRecordExporter,
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
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { callAttributes, optIn } from "../semconv.js";
import { redactContent } from "./content.js";
import { Delivery } from "./delivery.js";
import { countOf, type Environment, isTrue, listOf, oneOf, textOf } from "./environment.js";
import { flushOnExit } from "./exit.js";
import { exportersFor } from "./exporters.js";
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
  /** Takes spans, log lines and metrics instead of what the environment names: for tests. */
  exporters?: { traces?: SpanExporter; logs?: LogRecordExporter; metrics?: PushMetricExporter };
}

/** The telemetry of this process. */
export interface Telemetry {
  /** Sends what waits. Never throws. */
  flush(): Promise<void>;
  /** Sends what waits, calls that go on included, and ends. Never throws. */
  shutdown(): Promise<void>;
}

/** Nobody waits longer for a collector that is away. */
const shutdownMs = 5_000;

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

  const resource = resourceOf(options);
  const exporters = options.exporters ?? exportersFor(env);
  const spans = new Delivery("spans");
  const lines = new Delivery("log lines");

  const tracers = new TracerProvider({
    resource,
    sampler: samplerOf(env),
    spanLimits: {
      attributeValueLengthLimit: countOf(env, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", 20_000),
      attributeCountLimit: countOf(env, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", 128),
    },
    spanProcessors: exporters.traces
      ? [stampSpans(spans), spanProcessor(exporters.traces, spans, options, env)]
      : [],
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
    processors: exporters.logs ? [countLogs(lines), logProcessor(exporters.logs, lines, options, env)] : [],
  });
  logs.setGlobalLoggerProvider(loggers);
  const meterProvider = new MeterProvider({
    resource,
    readers: exporters.metrics ? [metricReader(exporters.metrics, env)] : [],
  });
  metrics.setGlobalMeterProvider(meterProvider);

  const providers = [tracers, loggers, meterProvider];
  const all = async (what: "forceFlush" | "shutdown") => {
    await within(shutdownMs, Promise.allSettled(providers.map((provider) => provider[what]())));
  };
  let ended: Promise<void> | undefined;
  const telemetry: Telemetry = {
    flush: () => all("forceFlush"),
    shutdown: () => {
      ended ??= (async () => {
        for (const call of [...state.open]) call.abandon();
        await all("shutdown");
        spans.report();
        lines.report();
      })();
      return ended;
    },
  };
  flushOnExit(telemetry);
  return telemetry;
}

function capturesContent({ captureContent }: InitOptions, env: Environment): boolean {
  // The older switch is true or false; the newer one says where to put it.
  const said = textOf(env, "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?.toLowerCase() ?? "";
  return captureContent ?? ["true", "span_only", "event_only", "span_and_event"].includes(said);
}

function resourceOf({ serviceName, resourceAttributes }: InitOptions) {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        "host.name": hostname(),
        "process.pid": process.pid,
        "service.instance.id": randomUUID(),
        "telemetry.distro.name": "obs-stack",
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

/** By the specification; whatever drops spans here drops their cost. */
function samplerOf(env: Environment): Sampler {
  const names = [
    "parentbased_always_on",
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_off",
    "parentbased_traceidratio",
  ] as const;
  const name = oneOf(env, ["OTEL_TRACES_SAMPLER"], names, "parentbased_always_on");
  if (!name.endsWith("always_on"))
    say(`OTEL_TRACES_SAMPLER=${name} leaves calls out of traces, of metrics about them and of costs`);
  const root = () => {
    if (name.endsWith("always_on")) return new AlwaysOnSampler();
    if (name.endsWith("always_off")) return new AlwaysOffSampler();
    const ratio = Number(textOf(env, "OTEL_TRACES_SAMPLER_ARG") ?? 1);
    return new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : 1);
  };
  return name.startsWith("parentbased") ? new ParentBasedSampler({ root: root() }) : root();
}

function spanProcessor(
  exporter: SpanExporter,
  delivery: Delivery,
  { exporters }: InitOptions,
  env: Environment,
): SpanProcessor {
  const counted = delivery.through<ReadableSpan[]>(exporter, (items) => items.length);
  if (exporters) return new SimpleSpanProcessor({ exporter: counted });
  return new BatchSpanProcessor({
    exporter: counted,
    // More than the default's 2,048: a thousand streams may end at once, and each is money.
    maxQueueSize: countOf(env, "OTEL_BSP_MAX_QUEUE_SIZE", 8_192),
    maxExportBatchSize: countOf(env, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512),
    scheduledDelayMillis: countOf(env, "OTEL_BSP_SCHEDULE_DELAY", 1_000),
    exportTimeoutMillis: countOf(env, "OTEL_BSP_EXPORT_TIMEOUT", 30_000),
  });
}

function logProcessor(
  exporter: LogRecordExporter,
  delivery: Delivery,
  { exporters }: InitOptions,
  env: Environment,
) {
  const counted = delivery.through<ReadableLogRecord[]>(exporter, (items) => items.length);
  if (exporters) return new SimpleLogRecordProcessor({ exporter: counted });
  return new BatchLogRecordProcessor({
    exporter: counted,
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

function within(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
