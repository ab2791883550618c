import { closeSync, openSync, writeSync } from "node:fs";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { AggregationTemporality, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** Takes telemetry of a kind; the three kinds of exporters of OpenTelemetry have this in common. */
export interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * Writes OTLP as JSON, a line for each export, as the specification's file exporter does
 * (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/). A file that isn't named is the standard output.
 * Throws where the file can't be written.
 */
export function jsonLines(file: string | undefined) {
  const write = lineWriter(file);
  return {
    traces: exporter<ReadableSpan[]>(write, JsonTraceSerializer),
    logs: exporter<ReadableLogRecord[]>(write, JsonLogsSerializer),
    metrics: {
      ...exporter<ResourceMetrics>(write, JsonMetricsSerializer),
      selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    },
  };
}

function exporter<Items>(
  write: (line: Uint8Array) => void,
  { serializeRequest }: { serializeRequest(items: Items): Uint8Array | undefined },
): Exporter<Items> {
  return {
    export(items, done) {
      try {
        const line = serializeRequest(items);
        if (line) write(line);
        done({ code: ExportResultCode.SUCCESS });
      } catch (error) {
        done({ code: ExportResultCode.FAILED, error: error as Error });
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** At once, so that lines of several kinds and processes never mix and the last ones are there after a crash. */
function lineWriter(file: string | undefined): (line: Uint8Array) => void {
  if (file === undefined)
    return (line) => void process.stdout.write(`${Buffer.from(line).toString("utf8")}\n`);
  closeSync(openSync(file, "a", 0o600));
  return (line) => {
    const open = openSync(file, "a", 0o600);
    try {
      writeSync(open, Buffer.concat([line, Buffer.from("\n")]));
    } finally {
      closeSync(open);
    }
  };
}
