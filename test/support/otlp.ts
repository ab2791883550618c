import { randomBytes } from "node:crypto";
import type { TestStack } from "./with-stack.js";

type Scalar = string | number | boolean;

/** A span in the words of tests; ids that are not given are fresh. */
export interface TestSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  attributes?: Record<string, Scalar>;
  events?: { name: string; attributes: Record<string, Scalar> }[];
  error?: boolean;
  /** How long it took; it ended just now. */
  durationMs?: number;
}

/** A log record in the words of tests. */
export interface TestLog {
  body: string;
  eventName?: string;
  attributes?: Record<string, Scalar>;
  traceId?: string;
}

/** A fresh trace id (16 bytes) or span id (8 bytes), in hex. */
export const freshId = (bytes: 8 | 16): string => randomBytes(bytes).toString("hex");

/** Sends spans over OTLP/HTTP in one request, which must be accepted. */
export async function sendSpans(stack: TestStack, service: string, spans: TestSpan[]): Promise<void> {
  const now = Date.now();
  await send(stack, "traces", {
    resourceSpans: [
      {
        resource: resource(service),
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              traceId: span.traceId ?? freshId(16),
              spanId: span.spanId ?? freshId(8),
              parentSpanId: span.parentSpanId,
              name: span.name ?? "work",
              kind: 2,
              startTimeUnixNano: `${now - (span.durationMs ?? 10)}000000`,
              endTimeUnixNano: `${now}000000`,
              attributes: keyValues(span.attributes ?? {}),
              events: (span.events ?? []).map(({ name, attributes }) => ({
                timeUnixNano: `${now}000000`,
                name,
                attributes: keyValues(attributes),
              })),
              status: span.error ? { code: 2, message: "failed" } : {},
            })),
          },
        ],
      },
    ],
  });
}

/** Sends log records over OTLP/HTTP in one request, which must be accepted. */
export async function sendLogs(stack: TestStack, service: string, logs: TestLog[]): Promise<void> {
  const now = `${Date.now()}000000`;
  await send(stack, "logs", {
    resourceLogs: [
      {
        resource: resource(service),
        scopeLogs: [
          {
            logRecords: logs.map(({ body, eventName, attributes, traceId }) => ({
              timeUnixNano: now,
              observedTimeUnixNano: now,
              body: { stringValue: body },
              eventName,
              attributes: keyValues(attributes ?? {}),
              traceId,
            })),
          },
        ],
      },
    ],
  });
}

/** Sends one sample of a counter over OTLP/HTTP, under exactly these resource attributes. */
export async function sendCounter(
  stack: TestStack,
  name: string,
  value: number,
  resourceAttributes: Record<string, Scalar>,
): Promise<void> {
  const now = Date.now();
  const point = {
    startTimeUnixNano: `${now - 1000}000000`,
    timeUnixNano: `${now}000000`,
    asInt: String(value),
  };
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] };
  await send(stack, "metrics", {
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resourceAttributes) },
        scopeMetrics: [{ metrics: [{ name, sum }] }],
      },
    ],
  });
}

/** A counter's or gauge's value, or a histogram with a single bound. */
export interface TestMetric {
  name: string;
  unit: string;
  value?: number;
  gauge?: number;
  histogram?: { sum: number; bound: number };
}

/** Sends one point of each metric over OTLP/HTTP. */
export async function sendMetrics(stack: TestStack, service: string, metrics: TestMetric[]): Promise<void> {
  const now = Date.now();
  const times = { startTimeUnixNano: `${now - 1000}000000`, timeUnixNano: `${now}000000` };
  const dataOf = ({ value, gauge, histogram }: TestMetric) => {
    if (gauge !== undefined) return { gauge: { dataPoints: [{ ...times, asDouble: gauge }] } };
    return histogram
      ? {
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [
              {
                ...times,
                count: "1",
                sum: histogram.sum,
                bucketCounts: ["0", "1"],
                explicitBounds: [histogram.bound],
              },
            ],
          },
        }
      : {
          sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...times, asDouble: value }] },
        };
  };
  await send(stack, "metrics", {
    resourceMetrics: [
      {
        resource: resource(service),
        scopeMetrics: [
          { metrics: metrics.map((metric) => ({ name: metric.name, unit: metric.unit, ...dataOf(metric) })) },
        ],
      },
    ],
  });
}

async function send(stack: TestStack, signal: string, payload: object): Promise<void> {
  const response = await fetch(stack.url("otlpHttp", `/v1/${signal}`), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  if (!response.ok) throw new Error(`${signal} answered with ${response.status}: ${await response.text()}`);
}

function resource(service: string): object {
  return { attributes: keyValues({ "service.name": service, "service.instance.id": `${service}-1` }) };
}

function keyValues(values: Record<string, Scalar>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { intValue: String(value) },
  }));
}
