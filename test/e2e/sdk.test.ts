import { jest } from "@jest/globals";
import { execa } from "execa";
import { type Provider, startProvider } from "../../llm/demo/provider/provider.js";
import { packageRoot } from "../../stack/package-root.js";
import { linesInLoki, queryMetrics, traceInJaeger } from "../support/ask-stores.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// An application with the built SDK and an official client, against the native stack.

jest.setTimeout(1_800_000);

let stack: TestStack;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider({ pace: 0 });
  stack = await makeTestStack({});
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(async () => {
  await provider.close();
  await removeTestStack(stack);
});

const application = `
  import OpenAI from "openai";
  import { agent, init, log, observeOpenAI, tool, withContext, withFallback } from "./dist/llm/sdk/index.js";
  init();
  const openai = observeOpenAI(new OpenAI({ baseURL: process.env.PROVIDER + "/v1", apiKey: "sk-demo" }));
  await withContext({ user: "ada", team: "search", feature: "answers" }, () =>
    agent("helper", async (span) => {
      span.setAttribute("obs.keep", true);
      console.log(span.spanContext().traceId);
      const ask = (model) =>
        openai.chat.completions.create(
          { model, messages: [{ role: "user", content: "a secret question" }] },
          { maxRetries: 1 },
        );
      await withFallback(() => ask("gpt-4o"), () => ask("gpt-4o-mini"));
      await tool("find_order", () => log.info("looking for the order"));
    }),
  );
`;

test("calls, tools, lines and metrics of an application with the SDK are found in all stores, without content", async () => {
  // The first model fails, and once more when it is asked again.
  provider.next({ status: 503, retryAfter: 0 }, { status: 503 });
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", application], {
    cwd: packageRoot,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url("otlpHttp"),
      OTEL_SERVICE_NAME: "sdk-app",
      PROVIDER: provider.url,
    },
  });
  const traceId = stdout.trim();
  const spans = await waitFor(`trace ${traceId} in Jaeger`, async () => {
    const found = await traceInJaeger(stack, traceId);
    return found?.length === 4 && found;
  });
  expect(spans.map(({ operationName }) => operationName).sort()).toEqual([
    "chat gpt-4o",
    "chat gpt-4o-mini",
    "execute_tool find_order",
    "invoke_agent helper",
  ]);
  const call = spans.find(({ operationName }) => operationName === "chat gpt-4o-mini")!;
  const tags = Object.fromEntries(call.tags.map(({ key, value }) => [key, value]));
  expect(tags).toMatchObject({
    team: "search",
    feature: "answers",
    "gen_ai.agent.name": "helper",
    "gen_ai.provider.name": "openai",
  });
  expect(tags["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);
  expect(JSON.stringify(spans)).not.toContain("secret question");

  const lines = await waitFor("all lines in Loki", async () => {
    const found = await linesInLoki(stack, `{service_name="sdk-app"} | trace_id="${traceId}"`);
    return found.length === 3 && found;
  });
  expect(lines.map(({ line }) => line.replace(/ after .*/, "")).sort()).toEqual([
    "chat gpt-4o failed: service_unavailable: 503 The engine is currently overloaded.",
    "chat gpt-4o-mini answered",
    "looking for the order",
  ]);
  expect(lines.every(({ labels }) => labels.team === "search" && labels.feature === "answers")).toBe(true);

  await waitFor("its metrics in Prometheus", async () => {
    const found = await queryMetrics(
      stack,
      'gen_ai_client_operation_duration_seconds_count{job="sdk-app", gen_ai_request_model="gpt-4o-mini"}',
    );
    return found[0]?.value === 1;
  });
  await waitFor("what it knows of its provider, under the names that rules and dashboards use", async () => {
    const expected: Record<string, number> = {
      'llm_quota_limit{model="gpt-4o-mini", kind="requests"}': 10_000,
      'llm_quota_remaining{model="gpt-4o-mini", kind="requests"} > bool 9000': 1,
      'llm_quota_headroom_ratio{model="gpt-4o-mini", kind="requests"} > bool 0.9': 1,
      'llm_requests_in_progress{model="gpt-4o-mini", provider="openai"}': 0,
      'llm_retries_total{model="gpt-4o", provider="openai"}': 1,
      'llm_fallbacks_total{model="gpt-4o", fallback_model="gpt-4o-mini", reason="overloaded"}': 1,
    };
    const found = await Promise.all(Object.keys(expected).map((query) => queryMetrics(stack, query)));
    return Object.values(expected).every((value, at) => found[at]![0]?.value === value);
  });
});
