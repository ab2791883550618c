import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as JsonMetrics } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtoMetrics } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { ConsoleLogRecordExporter, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { ConsoleMetricExporter, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { ConsoleSpanExporter, type ReadableSpan, type SpanExporter } from "@opentelemetry/sdk-trace";
import { type Environment, oneOf, textOf } from "./environment.js";
import { jsonLines } from "./json-lines.js";
import { say } from "./say.js";
import { sendNow } from "./send-now.js";

/** Where each signal goes; undefined: nowhere. */
export interface Exporters {
  traces?: SpanExporter;
  logs?: LogRecordExporter;
  metrics?: PushMetricExporter;
  /** Sends spans before it returns: for a process that ends in this very turn. */
  tracesNow?: (spans: ReadableSpan[]) => void;
}

/** A file for JSON lines; no standard variable names one. */
const fileVariable = "OBS_TELEMETRY_FILE";
const kinds = ["otlp", "console", "otlp/stdout", "file", "none"] as const;
const protocols = ["http/protobuf", "http/json", "grpc"] as const;

/**
 * The exporters that `OTEL_TRACES_EXPORTER`, `OTEL_LOGS_EXPORTER` and `OTEL_METRICS_EXPORTER` name: `otlp` (the default),
 * `console`, `otlp/stdout` (JSON lines), `file` (JSON lines in the file that `OBS_TELEMETRY_FILE` names, and the default
 * where it does) and `none`.
 */
export function exportersFor(env: Environment): Exporters {
  const file = textOf(env, fileVariable);
  const usual = file === undefined ? "otlp" : "file";
  let lines: ReturnType<typeof jsonLines> | undefined;
  const toLines = (kind: (typeof kinds)[number]) => {
    lines ??= jsonLines(kind === "file" ? file : undefined);
    return lines;
  };
  const make = <Made>(
    signal: "TRACES" | "LOGS" | "METRICS",
    of: {
      console: () => Made;
      lines: (all: ReturnType<typeof jsonLines>) => Made;
      otlp: (json: boolean) => Made;
    },
  ): Made | undefined => {
    try {
      const kind = oneOf(env, [`OTEL_${signal}_EXPORTER`], kinds, usual);
      if (kind === "none") return undefined;
      if (kind === "console") return of.console();
      if (kind === "file" && file === undefined) {
        say(`OTEL_${signal}_EXPORTER is "file", but ${fileVariable} names none: nothing is written`);
        return undefined;
      }
      if (kind !== "otlp") return of.lines(toLines(kind));
      const names = [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, "OTEL_EXPORTER_OTLP_PROTOCOL"];
      const protocol = oneOf(env, names, protocols, "http/protobuf");
      checkEndpoint(env, signal);
      if (protocol === "grpc") {
        say(
          "OTLP over gRPC isn't spoken here: http/protobuf is used, on port 4318 where no endpoint is named",
        );
      }
      return of.otlp(protocol === "http/json");
    } catch (error) {
      say(`${signal.toLowerCase()} can't be exported (${(error as Error)?.message ?? error})`);
      return undefined;
    }
  };
  const traces = make<SpanExporter>("TRACES", {
    console: () => new ConsoleSpanExporter(),
    lines: (all) => all.traces,
    otlp: (json) => once(json ? new JsonTraces() : new ProtoTraces()),
  });
  const overHttp = traces instanceof JsonTraces || traces instanceof ProtoTraces;
  return {
    traces,
    ...(overHttp && { tracesNow: (spans: ReadableSpan[]) => sendNow(spans, env) }),
    logs: make<LogRecordExporter>("LOGS", {
      console: () => new ConsoleLogRecordExporter(),
      lines: (all) => all.logs,
      otlp: (json) => once(json ? new JsonLogs() : new ProtoLogs()),
    }),
    metrics: make<PushMetricExporter>("METRICS", {
      console: () => new ConsoleMetricExporter(),
      lines: (all) => all.metrics,
      otlp: (json) => once(json ? new JsonMetrics() : new ProtoMetrics()),
    }),
  };
}

/**
 * An exporter that tries once: Delivery repeats. Where its inside is not as in the version that is bundled, it is left as it is.
 */
function once<E extends object>(exporter: E): E {
  const { _delegate: delegate } = exporter as { _delegate?: { _transport?: { _transport?: object } } };
  const inner = delegate?._transport?._transport;
  if (delegate && inner) delegate._transport = inner;
  return exporter;
}

function checkEndpoint(env: Environment, signal: string): void {
  for (const name of [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, "OTEL_EXPORTER_OTLP_ENDPOINT"]) {
    const text = textOf(env, name);
    if (text === undefined || /^https?:\/\//.test(text)) continue;
    say(`${name} is not an http address: http://localhost:4318 is used`);
  }
}
