import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { execa } from "execa";
import type { Mishap } from "../../llm/demo/provider/behaviour.js";
import { startProvider } from "../../llm/demo/provider/provider.js";
import type { SenderNames } from "../../llm/names.js";
import { packageRoot } from "../../stack/package-root.js";
import type { Problem } from "../../stack/validate/problem.js";
import { queryMetrics } from "../support/ask-stores.js";
import { pythonScript } from "../support/client-programs.js";
import { otlpJson } from "../support/llm-otlp.js";
import { freshCall } from "../support/llm-spans.js";
import { sendMetrics } from "../support/otlp.js";
import { query } from "../support/stack-postgres.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The same calls, observed by unmodified Python libraries and by our SDK, become the same rows of the ledger.

jest.setTimeout(1_800_000);

let stack: TestStack;
let password: string;

beforeAll(async () => {
  stack = await makeTestStack({
    definition: { llm: { ledger: { enabled: true }, metricsOnlyServices: ["billing-batch"] } },
  });
  await stack.write("prices.json", "{}");
  await stack.ok(["up", "--runtime", "native"]);
  const env = await readFile(join(stack.folder, ".env"), "utf8");
  password = /OBS_LEDGER_DATABASE_PASSWORD=(.*)/.exec(env)![1]!;
});

afterAll(() => removeTestStack(stack));

type Row = Record<string, unknown>;

const rows = (text: string, values: unknown[] = []) =>
  query<Row>(
    { host: "127.0.0.1", port: stack.ports.postgres, database: "postgres", user: "obs", password },
    text,
    values,
  );

/** Columns that are ids and times: they differ by nature. */
const own = [
  "timestamp",
  "received_at",
  "trace_id",
  "span_id",
  "parent_span_id",
  "request_id",
  "latency_seconds",
  "time_to_first_token_seconds",
];

/** All that applications are told, whatever observes them. */
const environment = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: stack.url("otlpHttp"),
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_SERVICE_NAME: "shop",
  // The environment by its older name, as most still have it.
  OTEL_RESOURCE_ATTRIBUTES:
    "deployment.environment=production,team=support,feature=order-status,service.instance.id=one",
});

type Program = (args: readonly string[], env: Record<string, string>) => Promise<unknown>;

/**
 * Runs a program against a provider that answers each the same. Returns its rows in the order of its calls, once all
 * that it sent must have come: each of the calls, and no more.
 */
async function rowsOf(program: Program, calls: readonly string[], mishaps: Mishap[] = []): Promise<Row[]> {
  const provider = await startProvider({ pace: 0 });
  try {
    provider.next(...mishaps);
    const seen = (await rows("SELECT span_id FROM llm_usage")).map(({ span_id }) => span_id);
    await program(calls, {
      ...environment(),
      OPENAI_BASE_URL: `${provider.url}/v1`,
      ANTHROPIC_BASE_URL: provider.url,
      PRICING_JSON: join(stack.folder, "prices.json"),
    });
    expect(provider.requests).toHaveLength(calls.length);
    return await waitFor("its calls in the ledger", async () => {
      const found = await rows(
        "SELECT * FROM llm_usage WHERE service = 'shop' AND span_id <> ALL($1) ORDER BY timestamp",
        [seen],
      );
      return found.length >= calls.length && found;
    });
  } finally {
    await provider.close();
  }
}

/** A row without its ids and times. */
function comparable(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !own.includes(name)));
}

/** The calls of test/e2e/python/calls.py, with our SDK. */
const sdk: Program = (args, env) =>
  execa(process.execPath, ["--input-type=module", "--eval", application, ...args], { cwd: packageRoot, env });

const application = `
  import Anthropic from "@anthropic-ai/sdk";
  import OpenAI from "openai";
  import { init, observeAnthropic, observeOpenAI, withContext } from "./dist/llm/sdk/index.js";
  init();
  const openai = observeOpenAI(new OpenAI({ apiKey: "sk-demo", maxRetries: 0 }));
  const anthropic = observeAnthropic(new Anthropic({ apiKey: "sk-demo", maxRetries: 0 }));
  const messages = [{ role: "user", content: "Where is my order?" }];
  const tool = { name: "find_order", parameters: { type: "object", properties: { id: { type: "string" } } } };
  const user = "ada";
  const chat = (more = {}) => openai.chat.completions.create({ messages, model: "gpt-4o-mini", ...more, user });
  const forUser = (call) => () => withContext({ user }, call);
  const calls = {
    chat: forUser(() => chat()),
    thought: forUser(() => chat({ model: "o3-mini" })),
    tool: forUser(() => chat({ tools: [{ type: "function", function: tool }] })),
    stream: forUser(async () => {
      const stream = await chat({ stream: true, stream_options: { include_usage: true } });
      for await (const chunk of stream);
    }),
    response: forUser(() => openai.responses.create({ input: "Where is my order?", model: "gpt-4o-mini", user })),
    embedding: forUser(() => openai.embeddings.create({ input: "an order", model: "text-embedding-3-small", user })),
    message: () => anthropic.messages.create({ max_tokens: 500, messages, model: "claude-sonnet-4-5" }),
  };
  for (const name of process.argv.slice(1)) await calls[name]().catch((refused) => console.log(refused.name));
`;

const openllmetry = () => pythonScript("with_openllmetry.py", "requirements-openllmetry.txt");
const openlit = () => pythonScript("with_openlit.py", "requirements-openlit.txt");

/** What OpenLIT keeps to itself: nobody can derive it. */
const untoldByOpenLit: Record<string, readonly string[]> = {
  // How many of the output tokens went into reasoning, and for whom a response was asked for.
  thought: ["reasoning_tokens"],
  response: ["user_id"],
};

test("the same calls are the same rows, but for ids and times, whatever library observed them", async () => {
  const calls = ["chat", "thought", "tool", "response", "embedding", "message"];
  const wanted = (await rowsOf(sdk, calls)).map(comparable);
  expect(wanted).toEqual([
    expect.objectContaining({
      service: "shop",
      environment: "production",
      team_id: "support",
      feature: "order-status",
      user_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      provider: "openai",
      model: "gpt-4o-mini",
      operation: "chat",
      status: "ok",
      finish_reason: "stop",
      cost_usd: expect.stringMatching(/^0\.0000/) as unknown,
    }),
    expect.objectContaining({
      model: "o3-mini",
      reasoning_tokens: expect.stringMatching(/^\d+$/) as unknown,
    }),
    expect.objectContaining({ model: "gpt-4o-mini", finish_reason: "tool_call" }),
    expect.objectContaining({ model: "gpt-4o-mini", finish_reason: "stop" }),
    expect.objectContaining({ model: "text-embedding-3-small", operation: "embeddings", output_tokens: "0" }),
    expect.objectContaining({ provider: "anthropic", model: "claude-sonnet-4-5", finish_reason: "stop" }),
  ]);
  // Their Anthropic client makes spans of its own, too, in other traces: a row more where they were not known as one call.
  expect((await rowsOf(await openllmetry(), calls)).map(comparable)).toEqual(wanted);
  expect((await rowsOf(await openlit(), calls)).map(comparable)).toEqual(
    wanted.map((row, at) => ({
      ...row,
      ...Object.fromEntries((untoldByOpenLit[calls[at]!] ?? []).map((column) => [column, null])),
    })),
  );
});

test("a streamed call is the same row where its usage is told; OpenLIT reckons it", async () => {
  const [wanted] = (await rowsOf(sdk, ["stream"])).map(comparable);
  expect(Number(wanted!.output_tokens)).toBeGreaterThan(0);
  expect((await rowsOf(await openllmetry(), ["stream"])).map(comparable)).toEqual([wanted]);
  const usage = ["input_tokens", "output_tokens", "total_tokens", "cost_usd"];
  const [reckoned] = (await rowsOf(await openlit(), ["stream"])).map(comparable);
  const without = (row: Row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !usage.includes(name)));
  expect(without(reckoned!)).toEqual(without(wanted!));
  expect(reckoned!.input_tokens).not.toBeNull();
});

test("a call that fails is the same row, but for the library's own word for the failure", async () => {
  const refused = [{ status: 429 }];
  const [wanted] = (await rowsOf(sdk, ["chat"], refused)).map(comparable);
  expect(wanted).toMatchObject({ status: "error", error_type: "rate_limit", cost_usd: null });
  const [llmetry] = (await rowsOf(await openllmetry(), ["chat"], refused)).map(comparable);
  expect(llmetry).toEqual({ ...wanted, provider_error: "RateLimitError" });
  // It leaves nothing on a failed span but its name: not even for whom.
  const [lit] = (await rowsOf(await openlit(), ["chat"], refused)).map(comparable);
  expect(lit).toEqual({ ...wanted, provider_error: "openai.RateLimitError", user_id: null });
});

test("a span written by hand in plain words is one row, with its owner and our price", async () => {
  const byHand = await pythonScript("by_hand.py", "requirements-openllmetry.txt");
  const [wanted] = (await rowsOf(sdk, ["chat"])).map(comparable);
  const found = await rowsOf((_, env) => byHand([], env), ["chat"]);
  // Its author wrote down neither which model answered nor why it stopped, but a cost of his own, which nobody bills.
  expect(found.map(comparable)).toEqual([
    {
      ...wanted,
      response_model: null,
      finish_reason: null,
      reported_cost_usd: "0.25",
    },
  ]);
});

/** Sends a span to the collector as a sender of that name and trace state does. */
async function sendSpan(service: string, traceState: string, attributes: Record<string, string | number>) {
  const call = freshCall(attributes, { traceState, scope: "by-hand" });
  const response = await fetch(stack.url("otlpHttp", "/v1/traces"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(
      otlpJson([{ ...call, resource: new Map([["service.name", service]]), unread: ["llm.tokens_in"] }]),
    ),
  });
  expect(response.status).toBe(200);
}

test("obs llm names tells which names arrive from whom, and of whom the ledger sees a part only", async () => {
  await sendSpan("head-sampled", "ot=th:e6666666666666", {});
  interface Report {
    senders: SenderNames[];
    problems: Problem[];
  }
  const { senders, problems } = await waitFor("all senders in the report", async () => {
    const report = await stack.json<Report>(["llm", "names"]);
    return report.senders.some(({ service }) => service === "head-sampled") && report;
  });
  const of = (instrumentation: string) =>
    senders.find((sender) => sender.service === "shop" && sender.instrumentation === instrumentation);
  expect(of("opentelemetry.instrumentation.openai.v1")?.names).toContainEqual(
    expect.objectContaining({ name: "gen_ai.user", field: "user", origin: "openllmetry" }),
  );
  expect(of("openlit.otel.tracing")?.names).toContainEqual(
    expect.objectContaining({ name: "gen_ai.system", field: "provider", origin: "otel-old" }),
  );
  expect(of("shop")).toMatchObject({
    spans: 1,
    keptPercent: null,
    unread: [{ name: "llm.temperature", spans: 1 }],
  });
  const sampled = problems.find(({ id }) => id === "sender-samples");
  expect(sampled?.what).toBe(
    "head-sampled samples before it sends: the ledger sees about 10 % of its calls.",
  );
  const { stdout } = await stack.ok(["llm", "names", "--service", "head-sampled", "--top", "3"]);
  expect(stdout).toMatch(/^head-sampled by by-hand: 1 span, the last /);
  expect(stdout).toContain("not read: llm.tokens_in 1");
});

test("obs verify warns of a service that samples before it sends, an application of our SDK included", async () => {
  const sampling = {
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.99999",
    OTEL_SERVICE_NAME: "own-sampled",
  };
  const provider = await startProvider({ pace: 0 });
  try {
    const { stderr } = (await sdk(["chat"], {
      ...environment(),
      OPENAI_BASE_URL: `${provider.url}/v1`,
      ...sampling,
    })) as { stderr: string };
    expect(stderr).toContain("OTEL_TRACES_SAMPLER=traceidratio leaves calls out");
  } finally {
    await provider.close();
  }
  await waitFor("its names in the ledger", async () => {
    const found = await rows("SELECT FROM llm_arrivals WHERE service = 'own-sampled' AND kind = 'sampled'");
    return found.length > 0;
  });
  const { exitCode, stdout } = await stack.obs(["verify", "--json"]);
  const { problems } = JSON.parse(stdout) as { problems: Problem[] };
  expect(exitCode).toBe(0);
  expect(problems.filter(({ id }) => id === "sender-samples").map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("own-sampled"),
      expect.stringContaining("head-sampled"),
    ]) as unknown,
  );
});

test("metrics of a service that sends no spans keep their names, without what units make of them", async () => {
  const send = (service: string) =>
    sendMetrics(stack, service, [
      { name: "llm_cost_total", unit: "USD", value: 1.5 },
      { name: "agent.requests.errors", unit: "1", value: 2 },
      { name: "llm.request.duration", unit: "ms", histogram: { sum: 2500, bound: 1000 } },
    ]);
  await send("billing-batch");
  await send("another");
  const samplesOf = async (name: string, job: string) =>
    (await queryMetrics(stack, `${name}{job="${job}"}`)).map(({ value }) => value);
  await waitFor("both services' metrics", async () => {
    const seconds = await samplesOf("llm_request_duration_seconds_sum", "billing-batch");
    const other = await samplesOf("app_llm_cost_USD_total", "another");
    return seconds.length > 0 && other[0] === 1.5;
  });
  expect(await samplesOf("llm_cost_total", "billing-batch")).toEqual([1.5]);
  expect(await samplesOf("agent_errors_total", "billing-batch")).toEqual([2]);
  expect(await samplesOf("llm_request_duration_seconds_sum", "billing-batch")).toEqual([2.5]);
  expect(await samplesOf("llm_cost_total", "another")).toEqual([]);
});
