import { jest } from "@jest/globals";
import { demoServices } from "../../llm/demo/settings.js";
import { linesInLoki, queryMetrics } from "../support/ask-stores.js";
import { processesOf } from "../support/processes.js";
import { parsedOutput } from "../support/run-obs.js";
import { costsByFeature, demoCalls } from "../support/stack-ledger.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The demo beside a stack without Docker: what it does is found in every store, and nothing of it is left afterwards.

jest.setTimeout(600_000);

/** Those that send telemetry; what stands around them doesn't. */
const observed = demoServices.filter((name) => name !== "demo-world");

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({});
  // Typed packs are code, which the support's plain definitions can't hold.
  await stack.write(
    "obs.config.ts",
    `import { defineStack } from "obs-stack";
     import { llmPack, servicePack } from "obs-stack/alerts";
     export default defineStack({
       ...${JSON.stringify(stack.definition)},
       llm: { ledger: { enabled: true } },
       traces: { sampling: { keepPercent: 100 } },
       alerting: { packs: [llmPack(), servicePack()] },
     });`,
  );
});

afterAll(() => removeTestStack(stack));

const programs = () =>
  processesOf(stack.folder).filter(({ command }) => command.includes("llm/demo/main.js"));

test("without a stack it isn't started, and says how both are", async () => {
  const { exitCode, all } = await stack.obs(["demo", "start"]);
  expect(exitCode).toBe(1);
  expect(all).toContain("obs up --demo");
});

test("up --demo starts it, and costs grow by themselves", async () => {
  await stack.ok(["up", "--runtime", "native", "--demo"]);
  expect(programs()).toHaveLength(demoServices.length);
  const before = await waitFor("the first calls", async () => (await demoCalls(stack)) || undefined);
  await waitFor("more calls", async () => (await demoCalls(stack)) > before);
  const { total } = parsedOutput<{ total: { calls: number } }>(
    await stack.ok(["costs", "by", "feature", "--format", "json"]),
  );
  expect(total.calls).toBeGreaterThan(before);
  // Another `up` leaves it alone.
  const pids = programs().map(({ pid }) => pid);
  await stack.ok(["up", "--demo"]);
  expect(programs().map(({ pid }) => pid)).toEqual(pids);
});

interface JaegerTrace {
  spans: {
    spanID: string;
    operationName: string;
    processID: string;
    references: { refType: string; spanID: string }[];
    tags: { key: string; value: unknown }[];
  }[];
  processes: Record<string, { serviceName: string }>;
}

test("one trace holds what all services did for a request, over the queue and back, with its logs", async () => {
  // More of them in less time.
  await stack.ok(["demo", "start", "--rate", "5", "--speed", "10", "--history", "0"]);
  const found = await waitFor(
    "a trace of all services",
    async () => {
      const asked = new URLSearchParams({ service: "demo-agent", limit: "50", lookback: "1h" });
      const answer = await fetch(stack.url("jaeger", `/api/traces?${asked}`));
      const { data } = (await answer.json()) as { data: (JaegerTrace & { traceID: string })[] | null };
      return data?.find(({ processes, spans }) => {
        const services = Object.values(processes).map(({ serviceName }) => serviceName);
        const ended = spans.some(({ operationName }) => operationName === "process replies");
        return ended && spans.some(isRoot) && observed.every((name) => services.includes(name));
      });
    },
    { timeoutMs: 120_000 },
  );
  const { spans, processes } = found;
  const parentOf = (span: JaegerTrace["spans"][number]) =>
    spans.find(({ spanID }) => spanID === span.references[0]?.spanID);
  const nameOf = (span: JaegerTrace["spans"][number] | undefined) =>
    span && `${processes[span.processID]!.serviceName}: ${span.operationName}`;
  expect(spans.filter((span) => !parentOf(span)).map(nameOf)).toEqual(["demo-gateway: POST /ask"]);
  const parents = Object.fromEntries(spans.map((span) => [nameOf(span), nameOf(parentOf(span))]));
  expect(parents).toMatchObject({
    "demo-gateway: send agent": "demo-gateway: POST /ask",
    "demo-agent: process agent": "demo-gateway: send agent",
    "demo-agent: invoke_agent order-helper": "demo-agent: process agent",
    "demo-agent: execute_tool search_documents": "demo-agent: invoke_agent order-helper",
    "demo-agent: POST": expect.stringMatching("demo-agent: execute_tool"),
    "demo-retrieval: POST /search": "demo-agent: POST",
    "demo-embedding: POST /embed": "demo-retrieval: POST",
    "demo-embedding: embeddings text-embedding-3-small": "demo-embedding: POST /embed",
    "demo-vector-search: POST /nearest": "demo-retrieval: POST",
    "demo-llm: POST /answer": "demo-agent: POST",
    "demo-agent: send replies": "demo-agent: process agent",
    "demo-gateway: process replies": "demo-agent: send replies",
  });
  const owners = spans.map(({ tags }) => tags.find(({ key }) => key === "team")?.value);
  expect(new Set(owners)).toEqual(new Set(["support"]));
  await waitFor("its log lines", async () => {
    const lines = await linesInLoki(stack, `{service_name=~"demo-.+"} | trace_id="${found.traceID}"`);
    const services = lines.map(({ labels }) => labels.service_name);
    return ["demo-gateway", "demo-agent", "demo-retrieval"].every((name) => services.includes(name));
  });
});

function isRoot({ references }: JaegerTrace["spans"][number]): boolean {
  return references.length === 0;
}

test("every service is in the span metrics", async () => {
  await waitFor("all services", async () => {
    const series = await queryMetrics(stack, "sum by (service_name) (traces_span_metrics_calls_total)");
    const names = series.map(({ labels }) => labels.service_name);
    return observed.every((name) => names.includes(name));
  });
});

/** The condition of an alert as Prometheus has loaded it. */
async function conditionOf(alert: string): Promise<string> {
  const answer = await fetch(stack.url("prometheus", "/api/v1/rules?type=alert"));
  const { data } = (await answer.json()) as {
    data: { groups: { rules: { name: string; query: string }[] }[] };
  };
  return data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === alert)!.query;
}

/** Begins an incident and waits until a query has a result. */
async function waitForIncident(incident: string, condition: string): Promise<void> {
  await stack.ok(["demo", "incident", incident]);
  const status = JSON.parse((await stack.obs(["demo", "status", "--json"])).stdout) as { incident: string };
  expect(status.incident).toBe(incident);
  await waitFor(condition, async () => (await queryMetrics(stack, condition)).length > 0, {
    timeoutMs: 120_000,
  });
}

test("with failing calls the condition of LlmErrorRateHigh comes true, and calls go to other models", async () => {
  await waitForIncident("errors", await conditionOf("LlmErrorRateHigh"));
  await waitFor("fallbacks", async () => (await queryMetrics(stack, "llm_fallbacks_total")).length > 0);
});

test("with the quota used up little is left of a rate limit", async () => {
  await waitForIncident("quota", "min(llm_quota_headroom_ratio) < 0.2");
});

test("stopped, nothing of it runs, and costs equal what SQL says by hand", async () => {
  await stack.ok(["demo", "stop"]);
  expect(programs()).toEqual([]);
  expect((await stack.obs(["demo", "status"])).exitCode).toBe(1);
  const { told, byHand } = await costsByFeature(stack);
  expect(told.length).toBeGreaterThanOrEqual(5);
  expect(told).toEqual(byHand);
});

test("its supervisor killed, down still finds and stops all of it", async () => {
  await stack.ok(["demo", "start", "--history", "0"]);
  const supervisors = processesOf(stack.folder).filter(
    ({ command }) => command.includes("supervisor.js") && command.includes(".obs/demo"),
  );
  expect(supervisors).toHaveLength(1);
  process.kill(supervisors[0]!.pid, "SIGKILL");
  await waitFor(
    "the supervisor to be gone",
    () => !processesOf(stack.folder).some(({ pid }) => pid === supervisors[0]!.pid),
  );
  expect(programs()).toHaveLength(demoServices.length);
  await stack.ok(["down"]);
  expect(processesOf(stack.folder)).toEqual([]);
});
