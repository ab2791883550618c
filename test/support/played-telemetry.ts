import { randomBytes } from "node:crypto";
import { contract } from "../../stack/catalog/contract.js";
import { played } from "../../stack/catalog/own-programs.js";

/*
 * What an instrumented AI application sends, so that every series that the stack makes of it exists: spans of every
 * kind with every attribute that becomes a label, logs good and bad, and the metrics of OpenTelemetry's semantic
 * conventions (which of them an application sends is its instrumentations' choice).
 */

/** A metric of the conventions: instrument, unit, attributes. */
type Convention = [
  name: string,
  kind: "histogram" | "counter" | "gauge" | "updown",
  unit: string,
  attributes: string,
];

const http = "http.request.method http.route http.response.status_code url.scheme server.address error.type";
const client = "http.request.method http.response.status_code server.address server.port error.type";
const genAi =
  "gen_ai.operation.name gen_ai.provider.name gen_ai.request.model gen_ai.response.model server.address error.type";
const database = "db.system.name db.operation.name db.collection.name db.namespace error.type";
const messaging = "messaging.system messaging.operation.name messaging.destination.name error.type";
const rpc = "rpc.system rpc.service rpc.method rpc.grpc.status_code";

const conventions: readonly Convention[] = [
  ["http.server.request.duration", "histogram", "s", http],
  ["http.server.active_requests", "updown", "{request}", "http.request.method url.scheme"],
  ["http.server.request.body.size", "histogram", "By", http],
  ["http.server.response.body.size", "histogram", "By", http],
  ["http.client.request.duration", "histogram", "s", client],
  ["http.client.request.body.size", "histogram", "By", client],
  // The names before the conventions became stable, which older instrumentations still send.
  ["http.server.duration", "histogram", "ms", "http.method http.route http.status_code http.scheme"],
  ["http.client.duration", "histogram", "ms", "http.method http.status_code net.peer.name"],
  ["rpc.server.duration", "histogram", "ms", rpc],
  ["rpc.client.duration", "histogram", "ms", rpc],
  ["db.client.operation.duration", "histogram", "s", database],
  [
    "db.client.connection.count",
    "updown",
    "{connection}",
    "db.client.connection.state db.client.connection.pool.name",
  ],
  ["messaging.client.operation.duration", "histogram", "s", messaging],
  ["messaging.process.duration", "histogram", "s", messaging],
  ["messaging.client.sent.messages", "counter", "{message}", messaging],
  ["messaging.client.consumed.messages", "counter", "{message}", messaging],
  ["gen_ai.client.token.usage", "histogram", "{token}", `${genAi} gen_ai.token.type`],
  ["gen_ai.client.operation.duration", "histogram", "s", genAi],
  ["gen_ai.client.operation.time_to_first_chunk", "histogram", "s", genAi],
  ["gen_ai.server.request.duration", "histogram", "s", genAi],
  ["gen_ai.server.time_to_first_token", "histogram", "s", genAi],
  ["gen_ai.server.time_per_output_token", "histogram", "s", genAi],
  ["gen_ai.client.inference.duration", "histogram", "s", genAi],
  ["gen_ai.client.inference.usage.input_tokens", "histogram", "{token}", genAi],
  ["gen_ai.client.inference.usage.output_tokens", "histogram", "{token}", genAi],
  ["gen_ai.client.inference.usage.cache_read.input_tokens", "histogram", "{token}", genAi],
  ["gen_ai.client.inference.usage.cache_write.input_tokens", "histogram", "{token}", genAi],
  ["gen_ai.client.inference.usage.reasoning.output_tokens", "histogram", "{token}", genAi],
  ["gen_ai.invoke_agent.duration", "histogram", "s", "gen_ai.agent.name gen_ai.provider.name error.type"],
  ["gen_ai.execute_tool.duration", "histogram", "s", "gen_ai.tool.name error.type"],
  ["process.cpu.time", "counter", "s", "cpu.mode"],
  ["process.cpu.utilization", "gauge", "1", "cpu.mode"],
  ["process.memory.usage", "updown", "By", ""],
  ["process.memory.virtual", "updown", "By", ""],
  ["process.thread.count", "updown", "{thread}", ""],
  ["process.open_file_descriptor.count", "updown", "{file_descriptor}", ""],
  ["process.uptime", "gauge", "s", ""],
  ["cpython.gc.collections", "counter", "{collection}", "cpython.gc.generation"],
  ["nodejs.eventloop.utilization", "gauge", "1", ""],
  ["nodejs.eventloop.delay.mean", "gauge", "s", ""],
  ["nodejs.eventloop.delay.p50", "gauge", "s", ""],
  ["nodejs.eventloop.delay.p99", "gauge", "s", ""],
  ["v8js.gc.duration", "histogram", "s", "v8js.gc.type"],
  ["v8js.memory.heap.used", "updown", "By", "v8js.heap.space.name"],
  ["v8js.memory.heap.limit", "updown", "By", "v8js.heap.space.name"],
  // What the SDK knows of its providers: without a unit, which would become a part of the name.
  ...contract
    .filter(({ producer }) => producer === "sdk")
    .map(
      ({ name, type, labels }): Convention => [
        name.replace(/_total$/, ""),
        type === "counter" ? "counter" : "gauge",
        "",
        labels.join(" "),
      ],
    ),
];

const spanAttributes = [
  "http.request.method http.route http.response.status_code error.type",
  "rpc.method",
  "messaging.destination.name",
  "db.system.name",
  "gen_ai.operation.name gen_ai.provider.name gen_ai.request.model error.type",
];

const resource = {
  attributes: attributes(
    "service.name service.namespace service.version service.instance.id deployment.environment.name " +
      "k8s.namespace.name k8s.cluster.name cloud.region",
    { "service.name": played.service, "service.namespace": played.namespace },
  ),
};
const scope = { name: played.service, version: "1" };
const startedAt = nanos(Date.now() - 60_000);

/** Sends one round of all three signals; counters have grown since the last. Throws when any is refused for good. */
export async function playTelemetry(otlpHttp: string): Promise<void> {
  const now = Date.now();
  await Promise.all([
    post(`${otlpHttp}/v1/traces`, {
      resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans(now) }] }],
    }),
    post(`${otlpHttp}/v1/logs`, {
      resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: logs(now) }] }],
    }),
    post(`${otlpHttp}/v1/metrics`, {
      resourceMetrics: [
        { resource, scopeMetrics: [{ scope, metrics: conventions.map((each) => metric(each, now)) }] },
      ],
    }),
  ]);
}

function spans(now: number): object[] {
  return spanAttributes.flatMap((names, at) =>
    // Every kind of span, half of them failed.
    [1, 2].map((code) => ({
      traceId: randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      name: `played ${at}`,
      kind: at + 1,
      startTimeUnixNano: nanos(now - 50),
      endTimeUnixNano: nanos(now),
      attributes: attributes(names),
      status: { code },
    })),
  );
}

function logs(now: number): object[] {
  const record = (ms: number, body: string) => ({
    timeUnixNano: nanos(ms),
    severityNumber: 17,
    severityText: "ERROR",
    body: { stringValue: body },
    attributes: attributes("gen_ai.request.model"),
  });
  // Loki refuses what is a month old, and counts that.
  return [record(now, "played"), record(now - 30 * 86_400_000, "too old")];
}

function metric([name, kind, unit, names]: Convention, now: number): object {
  const point = { attributes: attributes(names), startTimeUnixNano: startedAt, timeUnixNano: nanos(now) };
  const number = { ...point, asDouble: now / 1e6 };
  if (kind === "gauge") return { name, unit, gauge: { dataPoints: [number] } };
  if (kind !== "histogram")
    return {
      name,
      unit,
      sum: { aggregationTemporality: 2, isMonotonic: kind === "counter", dataPoints: [number] },
    };
  const buckets = { count: "2", sum: 1.5, explicitBounds: [1], bucketCounts: ["1", "1"] };
  return { name, unit, histogram: { aggregationTemporality: 2, dataPoints: [{ ...point, ...buckets }] } };
}

function attributes(names: string, values: Record<string, string> = {}) {
  return names
    .split(" ")
    .filter((name) => name !== "")
    .map((key) => ({ key, value: { stringValue: values[key] ?? "played" } }));
}

function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}

async function post(url: string, payload: object): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  // 503: one of several destinations has a full queue, and the others have got it.
  if (!response.ok && response.status !== 503)
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
