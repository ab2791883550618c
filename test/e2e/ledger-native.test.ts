import { jest } from "@jest/globals";
import { freshCall } from "../support/llm-spans.js";
import { processesOf } from "../support/processes.js";
import { killUnderLoad, ledgerRows, sendSpans, sumOf } from "../support/stack-ledger.js";
import { verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The ledger as part of a stack without Docker: the way of a call from an application to its row and the metrics.

jest.setTimeout(600_000);

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({
    definition: {
      llm: { prices: [{ model: "own-model", input: "1", output: "2" }] },
    },
  });
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

test("verify finds its call in the ledger, at its price, and in the metrics", async () => {
  expect(await verified(stack)).toMatchObject({ "call-billed": "passed", "call-counted": "passed" });
});

test("of what applications send only calls of models come to the ledger, whatever sampling keeps", async () => {
  const calls = Array.from({ length: 300 }, () => freshCall({ feature: "all" }));
  const others = calls.map(() => freshCall({}, { attributes: new Map([["http.route", "/"]]) }));
  await sendSpans(stack, [...calls, ...others]);
  await waitFor("the calls in the ledger", async () => {
    const [row] = await ledgerRows<{ n: string; cost: string }>(
      stack,
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
    return (await sumOf(stack, 'app_llm_requests_total{job="counts-itself"}')) === 7;
  });
  expect(await sumOf(stack, 'llm_requests_total{job="counts-itself"}')).toBeNaN();
});

test("ledger, database and collector killed under load lose no call that was taken, and bill none twice", async () => {
  const programs = ["llm/ledger/main.js", "bin/postgres -D", "otelcol --config"];
  await killUnderLoad(stack, "killed", programs, async (program) => {
    const victims = processesOf(stack.folder).filter(({ command }) => command.includes(program));
    expect(victims).not.toEqual([]);
    for (const { pid } of victims) process.kill(pid, "SIGKILL");
  });
});
