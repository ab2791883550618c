import { keepTraceAttribute } from "../services/names.js";
import type { VerifyIds } from "./ids.js";

/** `service.name` of everything that `obs verify` sends. */
export const verifyService = "obs-verify";

/** Names of the spans, each of which becomes one series of the span metrics. */
export const verifySpans = { root: "obs verify", child: "chat obs-verify" } as const;

/** The metric's name in OpenTelemetry, and what Prometheus makes of a histogram in seconds. */
export const verifyMetric = {
  name: "obs.verify.duration",
  stored: "obs_verify_duration_seconds",
  label: "obs_verify_id",
} as const;

/** Body of the log record. */
export function verifyLogBody({ run }: VerifyIds): string {
  return `obs verify ${run}`;
}

type Value = { stringValue: string } | { boolValue: boolean } | { intValue: string };
const attributes = (values: Record<string, string | boolean | number>) =>
  Object.entries(values).map(([key, value]): { key: string; value: Value } => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "number"
          ? { intValue: String(value) }
          : { boolValue: value },
  }));

// The same instance at every run: what tells runs apart is in the data, so that no series is made for nothing.
const resource = {
  attributes: attributes({ "service.name": verifyService, "service.instance.id": verifyService }),
};
const scope = { name: verifyService };
const nanos = (ms: number) => `${BigInt(Math.round(ms)) * 1_000_000n}`;

/** The three OTLP/JSON requests: a trace of two spans, a log record in its root, a histogram with an exemplar of it. */
export function verifyPayloads(
  ids: VerifyIds,
  nowMs: number,
  /** Whether a ledger takes the call. */
  ledger: boolean,
): { traces: object; logs: object; metrics: object } {
  const begun = nanos(nowMs - 40);
  const now = nanos(nowMs);
  return {
    traces: {
      resourceSpans: [
        {
          resource,
          scopeSpans: [
            {
              scope,
              spans: [
                {
                  traceId: ids.trace,
                  spanId: ids.rootSpan,
                  name: verifySpans.root,
                  kind: 2,
                  startTimeUnixNano: begun,
                  endTimeUnixNano: now,
                  attributes: attributes({ [keepTraceAttribute]: true, "obs.verify.id": ids.run }),
                  status: {},
                },
                {
                  traceId: ids.trace,
                  spanId: ids.childSpan,
                  parentSpanId: ids.rootSpan,
                  name: verifySpans.child,
                  kind: 3,
                  startTimeUnixNano: nanos(nowMs - 30),
                  endTimeUnixNano: nanos(nowMs - 10),
                  // This call never happened and must cost nothing: the ledger has a price of zero for it.
                  attributes: attributes({
                    "gen_ai.operation.name": "chat",
                    "gen_ai.provider.name": verifyService,
                    "gen_ai.request.model": verifyService,
                    ...(ledger && {
                      "gen_ai.usage.input_tokens": 1,
                      "gen_ai.usage.output_tokens": 1,
                      feature: verifyService,
                    }),
                  }),
                  status: {},
                },
              ],
            },
          ],
        },
      ],
    },
    logs: {
      resourceLogs: [
        {
          resource,
          scopeLogs: [
            {
              scope,
              logRecords: [
                {
                  timeUnixNano: now,
                  observedTimeUnixNano: now,
                  severityNumber: 9,
                  severityText: "INFO",
                  body: { stringValue: verifyLogBody(ids) },
                  attributes: attributes({ "obs.verify.id": ids.run }),
                  traceId: ids.trace,
                  spanId: ids.rootSpan,
                  flags: 1,
                },
              ],
            },
          ],
        },
      ],
    },
    metrics: {
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [
            {
              scope,
              metrics: [
                {
                  name: verifyMetric.name,
                  unit: "s",
                  histogram: {
                    aggregationTemporality: 2,
                    dataPoints: [
                      {
                        startTimeUnixNano: begun,
                        timeUnixNano: now,
                        count: "1",
                        sum: 0.04,
                        explicitBounds: [1],
                        bucketCounts: ["1", "0"],
                        attributes: attributes({ "obs.verify.id": ids.run }),
                        exemplars: [
                          { timeUnixNano: now, asDouble: 0.04, traceId: ids.trace, spanId: ids.rootSpan },
                        ],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  };
}
