import { jest } from "@jest/globals";
import type { Problem } from "../../stack/validate/problem.js";
import { linesInLoki, queryMetrics, traceInJaeger } from "../support/ask-stores.js";
import { type ClientProgram, nodeProgram, pythonProgram } from "../support/client-programs.js";
import { sendJaegerUdp } from "../support/jaeger-thrift.js";
import { freshId, sendCounter, sendMetrics } from "../support/otlp.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// Applications with unmodified OpenTelemetry SDKs, and clients of older protocols, against the native stack.

jest.setTimeout(1_800_000);

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({});
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

/** All that an application is told, as `obs up` prints it, and who it is. */
const environment = (service: string, instance?: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: stack.url("otlpHttp"),
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_SERVICE_NAME: service,
  OTEL_METRICS_EXPORTER: "otlp",
  OTEL_LOGS_EXPORTER: "otlp",
  ...(instance !== undefined && { OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}` }),
});

const programs: [string, () => Promise<ClientProgram>][] = [
  ["Python", pythonProgram],
  ["Node", nodeProgram],
];

for (const [language, prepare] of programs) {
  test(`an unmodified ${language} program's traces, logs and metrics are found in all stores`, async () => {
    const service = `shop-${language.toLowerCase()}`;
    const program = await prepare();
    const traceIds = await program.run(3, environment(service, "replica-1"));
    expect(traceIds).toHaveLength(3);
    for (const traceId of traceIds) {
      const spans = await waitFor(`trace ${traceId} in Jaeger`, async () => {
        const found = await traceInJaeger(stack, traceId);
        return found?.length === 2 && found;
      });
      expect(spans.map(({ operationName }) => operationName).sort()).toEqual(["chat small-model", "order"]);
      const lines = await waitFor(`log of trace ${traceId} in Loki`, async () => {
        const found = await linesInLoki(stack, `{service_name="${service}"} | trace_id="${traceId}"`);
        return found.length > 0 && found;
      });
      expect(lines).toEqual([
        expect.objectContaining({ line: expect.stringMatching(/^handled order \d$/) as unknown }),
      ]);
    }
    const [series] = await waitFor("its metric in Prometheus", async () => {
      const found = await queryMetrics(stack, `shop_orders_total{job="${service}"}`);
      return found.length > 0 && found;
    });
    expect(series?.value).toBe(3);
    expect(series?.labels).toMatchObject({
      job: service,
      instance: "replica-1",
      deployment_environment_name: "development",
    });
    const [counted] = await waitFor("its spans counted", async () => {
      const query = `sum(traces_span_metrics_calls_total{service_name="${service}"})`;
      const found = await queryMetrics(stack, query);
      return found[0]?.value === 6 && found;
    });
    expect(counted?.value).toBe(6);
  });
}

test("two replicas of one service keep their counts apart, and their sum is the truth", async () => {
  const program = await pythonProgram();
  await Promise.all([
    program.run(4, environment("shop-replicas", "a")),
    program.run(7, environment("shop-replicas", "b")),
  ]);
  const series = await waitFor("both replicas in Prometheus", async () => {
    const found = await queryMetrics(stack, 'shop_orders_total{job="shop-replicas"}');
    return found.length === 2 && found;
  });
  expect(Object.fromEntries(series.map(({ labels, value }) => [labels.instance, value]))).toEqual({
    a: 4,
    b: 7,
  });
  // The start time that the SDK sends gives each counter a zero to grow from: else its first value would be lost.
  const [increase] = await waitFor("the increase", async () => {
    const found = await queryMetrics(
      stack,
      'sum(max_over_time(shop_orders_total{job="shop-replicas"}[10m]) - min_over_time(shop_orders_total{job="shop-replicas"}[10m]))',
    );
    return found.length > 0 && found;
  });
  expect(increase?.value).toBe(11);
});

test("a gauge begins at its first value: a zero before it would be a quota used up, or a queue that is empty", async () => {
  await sendMetrics(stack, "shop-gauge", [{ name: "shop.quota.left", unit: "", gauge: 0.9 }]);
  const values = await waitFor("the gauge in Prometheus", async () => {
    const found = await queryMetrics(stack, 'min_over_time(shop_quota_left{job="shop-gauge"}[10m])');
    return found.length > 0 && found.map(({ value }) => value);
  });
  expect(values).toEqual([0.9]);
});

test("replicas that don't say who they are are told apart by their process; obs verify names those that can't be", async () => {
  const send = (service: string, attributes: Record<string, string | number>) =>
    sendCounter(stack, "shop.visits", 1, { "service.name": service, ...attributes });
  await send("shop-process", { "host.name": "host-1", "process.pid": 77 });
  await send("shop-pod", { "k8s.pod.uid": "pod-1", "host.name": "host-1" });
  await send("shop-empty", { "service.instance.id": "", "container.id": "c0ffee" });
  await send("shop-nameless", {});
  const instances = await waitFor("all four in Prometheus", async () => {
    const series = await queryMetrics(stack, "shop_visits_total");
    return (
      series.length === 4 && Object.fromEntries(series.map(({ labels }) => [labels.job, labels.instance]))
    );
  });
  expect(instances).toEqual({
    "shop-process": "host-1:77",
    "shop-pod": "pod-1",
    "shop-empty": "c0ffee",
    "shop-nameless": "unidentified",
  });
  const { problems } = await stack.json<{ problems: Problem[] }>(["verify"]);
  expect(problems).toEqual([
    expect.objectContaining({ id: "instance-unidentified", severity: "warning" }) as unknown,
  ]);
  expect(problems[0]?.what).toContain("shop-nameless");
  expect(problems[0]?.next).toContain("OTEL_RESOURCE_ATTRIBUTES=service.instance.id=");
});

test("a client of the old Jaeger libraries is heard over UDP", async () => {
  const traceId = freshId(16);
  await sendJaegerUdp(stack.ports.jaegerThriftUdp, "old-jaeger-client", [
    {
      traceId,
      spanId: freshId(8),
      operation: "old work",
      startMicros: Date.now() * 1000,
      durationMicros: 1500,
      tags: { "obs.keep": true, "http.route": "/old" },
    },
  ]);
  const [span] = await waitFor("its trace in Jaeger", () => traceInJaeger(stack, traceId));
  expect(span?.operationName).toBe("old work");
  expect(span?.tags).toContainEqual(expect.objectContaining({ key: "http.route", value: "/old" }));
});

test("a Zipkin client is heard over HTTP", async () => {
  const traceId = freshId(16);
  const response = await fetch(stack.url("zipkin", "/api/v2/spans"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([
      {
        traceId,
        id: freshId(8),
        kind: "SERVER",
        name: "zipkin work",
        timestamp: Date.now() * 1000,
        duration: 1500,
        localEndpoint: { serviceName: "zipkin-client" },
        // Zipkin's tags are texts only; a failed trace is kept by sampling.
        tags: { error: "no stock" },
      },
    ]),
  });
  expect(response.status).toBe(202);
  const [span] = await waitFor("its trace in Jaeger", () => traceInJaeger(stack, traceId));
  expect(span?.operationName).toBe("zipkin work");
});
