import { jest } from "@jest/globals";
import { execa } from "execa";
import { linesInLoki, queryMetrics, traceInJaeger } from "../support/ask-stores.js";
import { nodeProgram, pythonProgram } from "../support/client-programs.js";
import { buildTestImages, testRegistry } from "../support/images.js";
import { freshCall } from "../support/llm-spans.js";
import { parsedOutput } from "../support/run-obs.js";
import {
  costsByFeature,
  demoCalls,
  killUnderLoad,
  ledgerRows,
  sendSpans,
  sumOf,
} from "../support/stack-ledger.js";
import { upAgain, verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The whole way of a user with Docker, by the command line alone: up, verify, an application, an edit.

jest.setTimeout(1_800_000);

let stack: TestStack;

beforeAll(async () => {
  await buildTestImages();
  stack = await makeTestStack({
    // Of Tempo and Grafana there are no images to be had where nothing can be pulled.
    definition: {
      images: { registry: testRegistry },
      traces: { backend: "jaeger" },
      grafana: { enabled: false },
      llm: { prices: [{ model: "own-model", input: "1", output: "2" }] },
    },
  });
  await stack.ok(["up", "--runtime", "compose"]);
});

afterAll(() => removeTestStack(stack));

test("obs verify proves the stack in containers, the alert's way back to this machine included", async () => {
  const hops = await verified(stack);
  expect(new Set(Object.values(hops))).toEqual(new Set(["passed"]));
  expect(Object.keys(hops)).toHaveLength(15);
});

test.each([
  ["Python", pythonProgram],
  ["Node", nodeProgram],
])("an unmodified %s program's data is found in all stores of the containers", async (language, prepare) => {
  const service = `shop-${language.toLowerCase()}`;
  const program = await prepare();
  const [traceId] = await program.run(1, {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.url("otlpHttp"),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_SERVICE_NAME: service,
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
  });
  await waitFor("its trace in Jaeger", async () => (await traceInJaeger(stack, traceId!))?.length === 2);
  await waitFor("its log in Loki", async () => {
    const found = await linesInLoki(stack, `{service_name="${service}"} | trace_id="${traceId}"`);
    return found.length > 0;
  });
  await waitFor("its metric in Prometheus", async () => {
    const found = await queryMetrics(stack, `shop_orders_total{job="${service}"}`);
    return found[0]?.value === 1;
  });
});

test("after an edit of a scrape job only Prometheus reloads", async () => {
  await stack.define({ scrapeJobs: [{ job: "api", static: ["127.0.0.1:1"] }] });
  const actions = await upAgain(stack);
  expect(actions.prometheus).toBe("reloaded");
  const { prometheus: _, ...others } = actions;
  expect(new Set(Object.values(others))).toEqual(new Set(["unchanged"]));
});

test("what calls of models cost is told on this machine, and no call is lost or billed twice though ledger and database are killed", async () => {
  await sendSpans(
    stack,
    Array.from({ length: 1_000 }, () => freshCall({ feature: "priced" })),
  );
  await waitFor("the costs", async () => {
    const report = await stack.ok(["costs", "by", "feature", "--format", "json"]);
    const { rows } = parsedOutput<{ rows: { key: string; costUsd: string }[] }>(report);
    return rows.find(({ key }) => key === "priced")?.costUsd === "0.14";
  });
  await killUnderLoad(stack, "killed", ["llm-ledger", "postgres"], async (service) => {
    await execa("docker", ["kill", "--signal", "KILL", `${stack.definition.name}-${service}-1`]);
    // What is killed through Docker stays down until somebody starts it.
    expect((await upAgain(stack))[service as "postgres"]).toBe("started");
  });
});

test("the demo's programs on this machine fill the ledger in its container, and costs equal what SQL says by hand", async () => {
  await stack.ok(["up", "--runtime", "compose", "--demo"]);
  const before = await waitFor("the first calls", async () => (await demoCalls(stack)) || undefined);
  await waitFor("more calls", async () => (await demoCalls(stack)) > before);
  await stack.ok(["demo", "incident", "errors"]);
  await waitFor("failing calls in the metrics", async () => (await sumOf(stack, "llm_errors_total")) > 0);
  await stack.ok(["demo", "stop"]);
  const { told, byHand } = await costsByFeature(stack);
  expect(told).toEqual(byHand);
});

test("the ledger keeps its rows when the stack is stopped and started", async () => {
  const count = () => ledgerRows(stack, "SELECT count(*) AS n, sum(cost_usd) AS cost FROM llm_usage");
  const before = await count();
  await stack.ok(["down"]);
  await stack.ok(["up", "--runtime", "compose"]);
  expect(await count()).toEqual(before);
});
