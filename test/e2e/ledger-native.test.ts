import { readFile } from "node:fs/promises";
import { jest } from "@jest/globals";
import type { Span } from "../../llm/call.js";
import { otlpJson } from "../support/llm-otlp.js";
import { freshCall } from "../support/llm-spans.js";
import { processesOf } from "../support/processes.js";
import { query } from "../support/stack-postgres.js";
import { verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The ledger as part of a stack without Docker: the way of a call from an application to its row and the metrics.

jest.setTimeout(600_000);

let stack: TestStack;
let password: string;

beforeAll(async () => {
  stack = await makeTestStack({
    definition: {
      llm: { ledger: { enabled: true }, prices: [{ model: "own-model", input: "1", output: "2" }] },
    },
  });
  await stack.ok(["up", "--runtime", "native"]);
  const env = await readFile(`${stack.folder}/.env`, "utf8");
  password = /OBS_LEDGER_DATABASE_PASSWORD=(.*)/.exec(env)![1]!;
});

afterAll(() => removeTestStack(stack));

const rows = <T extends Record<string, unknown>>(text: string) =>
  query<T>(
    { host: "127.0.0.1", port: stack.ports.postgres, database: "postgres", user: "obs", password },
    text,
  );

/** What Prometheus says now; NaN where it knows no such series. */
async function sumOf(selector: string): Promise<number> {
  const query = new URLSearchParams({ query: `sum(${selector})` });
  const response = await fetch(stack.url("prometheus", `/api/v1/query?${query}`));
  const answer = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(answer.data.result[0]?.value[1]);
}

/** Hands spans to the collector; throws unless it takes them. */
async function send(spans: readonly Span[]): Promise<void> {
  const response = await fetch(stack.url("otlpHttp", "/v1/traces"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(otlpJson(spans)),
  });
  if (!response.ok) throw new Error(`the collector answers ${response.status}`);
}

test("verify finds its call in the ledger, at its price, and in the metrics", async () => {
  expect(await verified(stack)).toMatchObject({ "call-billed": "passed", "call-counted": "passed" });
});

test("of what applications send only calls of models come to the ledger, whatever sampling keeps", async () => {
  const calls = Array.from({ length: 300 }, () => freshCall({ feature: "all" }));
  const others = calls.map(() => freshCall({}, { attributes: new Map([["http.route", "/"]]) }));
  await send([...calls, ...others]);
  await waitFor("the calls in the ledger", async () => {
    const [row] = await rows<{ n: string; cost: string }>(
      "SELECT count(*) AS n, trim_scale(sum(cost_usd)) AS cost FROM llm_usage WHERE feature = 'all'",
    );
    return row?.n === "300" && row.cost === "0.042";
  });
});

test("what an application counts itself is kept apart from what the ledger counts", async () => {
  const now = `${BigInt(Date.now()) * 1_000_000n}`;
  const response = await fetch(stack.url("otlpHttp", "/v1/metrics"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "counts-itself" } }] },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: "llm.requests",
                  sum: {
                    aggregationTemporality: 2,
                    isMonotonic: true,
                    dataPoints: [{ asInt: "7", startTimeUnixNano: now, timeUnixNano: now }],
                  },
                },
              ],
            },
          ],
        },
      ],
    }),
  });
  expect(response.status).toBe(200);
  await waitFor("the metric under its other name", async () => {
    return (await sumOf('app_llm_requests_total{job="counts-itself"}')) === 7;
  });
  expect(await sumOf('llm_requests_total{job="counts-itself"}')).toBeNaN();
});

test("ledger, database and collector killed under load lose no call that was taken, and bill none twice", async () => {
  const taken: Span[] = [];
  let going = true;
  const sender = async () => {
    while (going) {
      const spans = Array.from({ length: 50 }, () => freshCall({ feature: "killed" }));
      await waitFor("the collector to take calls", async () => {
        await send(spans);
        return true;
      });
      taken.push(...spans);
    }
  };
  const senders = Promise.all([sender(), sender()]);
  for (const program of ["llm/ledger/main.js", "bin/postgres -D", "otelcol --config"]) {
    const before = taken.length;
    await waitFor("calls to be taken", () => taken.length > before + 1_000);
    const victims = processesOf(stack.folder).filter(({ command }) => command.includes(program));
    expect(victims).not.toEqual([]);
    for (const { pid } of victims) process.kill(pid, "SIGKILL");
    await waitFor("more calls to be taken", () => taken.length > before + 2_000);
  }
  going = false;
  await senders;
  const wanted = taken.map(({ spanId }) => spanId).sort();
  await waitFor(
    "all of it in the ledger",
    async () => {
      const stored = await rows<{ span_id: string }>(
        "SELECT span_id FROM llm_usage WHERE feature = 'killed'",
      );
      return stored.length >= wanted.length;
    },
    { timeoutMs: 180_000, everyMs: 500 },
  );
  const stored = await rows<{ span_id: string }>("SELECT span_id FROM llm_usage WHERE feature = 'killed'");
  // A request that was answered too late is sent again by its sender: those are the same spans.
  expect(new Set(stored.map(({ span_id }) => span_id))).toEqual(new Set(wanted));
  expect(stored).toHaveLength(wanted.length);
  await waitFor("the metrics to say the same", async () => {
    return (await sumOf('llm_requests_total{feature="killed"}')) === wanted.length;
  });
});
