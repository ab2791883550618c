import type { AttributeValue, Call, Doubt, Run } from "../../llm/call.js";
import { normalise } from "../../llm/normalise.js";
import { noon, span } from "../support/llm-spans.js";

const later = noon + 2000;

function call(...args: Parameters<typeof span>): Call {
  const result = normalise(span(...args), later);
  if (!("call" in result)) throw new Error(`not a call: ${JSON.stringify(result)}`);
  return result.call;
}

function run(...args: Parameters<typeof span>): Run {
  const result = normalise(span(...args), later);
  if (!("run" in result)) throw new Error(`not a run: ${JSON.stringify(result)}`);
  return result.run;
}

const chat = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.response.model": "gpt-4o-2024-08-06",
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 20,
};

/** What is the same of a call whatever wrote its span. */
const same = (each: Call) => ({
  operation: each.operation,
  provider: each.provider,
  requestModel: each.requestModel,
  tokens: each.tokens,
  totalTokens: each.totalTokens,
});

test("a call by today's conventions is read whole", () => {
  expect(
    call(
      {
        ...chat,
        "gen_ai.usage.cache_read.input_tokens": 40,
        "gen_ai.usage.cache_creation.input_tokens": 10,
        "gen_ai.usage.reasoning.output_tokens": 5,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.time_to_first_chunk": 0.25,
        "openai.response.service_tier": "flex",
        "gen_ai.prompt.name": "answer",
        "gen_ai.prompt.version": "7",
        "gen_ai.agent.name": "helper",
        "user.id": "ada@example.org",
        team: "search",
        feature: "chat",
      },
      {
        parentSpanId: "00f067aa0ba902b7",
        resource: { "service.name": "shop", "deployment.environment.name": "production" },
      },
    ),
  ).toEqual({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "00f067aa0ba902b7",
    backfilled: false,
    timestamp: new Date(noon),
    month: "2026-11-01",
    operation: "chat",
    provider: "openai",
    requestModel: "gpt-4o",
    responseModel: "gpt-4o-2024-08-06",
    serviceTier: "flex",
    tokens: { input: 100, output: 20, cacheRead: 40, cacheWrite: 10, reasoning: 5 },
    totalTokens: 120,
    latency: 1,
    timeToFirstToken: 0.25,
    status: "ok",
    errorType: null,
    providerError: null,
    user: "ada@example.org",
    team: "search",
    feature: "chat",
    environment: "production",
    service: "shop",
    agent: "helper",
    promptName: "answer",
    promptVersion: "7",
    finishReason: "stop",
    responseId: "chatcmpl-1",
    requestId: "chatcmpl-1",
    reportedCostUsd: null,
    doubts: [],
  });
});

test.each<[string, Record<string, AttributeValue>, Parameters<typeof span>[1]?]>([
  [
    "the conventions until 1.36",
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.prompt_tokens": 100,
      "gen_ai.usage.completion_tokens": 20,
    },
  ],
  [
    "OpenLLMetry",
    {
      "llm.request.type": "chat",
      "gen_ai.system": "OpenAI",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 20,
      "llm.usage.total_tokens": 120,
    },
    { name: "openai.chat" },
  ],
  [
    "OpenInference",
    {
      "openinference.span.kind": "LLM",
      "llm.system": "openai",
      "llm.model_name": "gpt-4o",
      "llm.token_count.prompt": 100,
      "llm.token_count.completion": 20,
    },
  ],
  [
    "a span written by hand",
    { "llm.provider": "openai", "llm.model": "gpt-4o", "llm.tokens.input": 100, "llm.tokens.output": 20 },
  ],
  [
    "another one, with numbers as text and no provider",
    { "llm.model": "gpt-4o", "llm.input_tokens": "100", "llm.output_tokens": "20" },
  ],
  [
    "a span with a total instead of the output",
    {
      "llm.model": "gpt-4o",
      "llm.prompt_tokens": 100,
      "llm.total_tokens": 120,
    },
  ],
])("%s says the same", (_who, attributes, rest = {}) => {
  expect(same(call(attributes, rest))).toEqual(same(call({ ...chat })));
});

test("the newest generation's name of tokens written to a cache is read, too", () => {
  expect(call({ ...chat, "gen_ai.usage.cache_write.input_tokens": 7 }).tokens.cacheWrite).toBe(7);
});

test.each([
  ["az.ai.openai", "azure.ai.openai"],
  ["AWS", "aws.bedrock"],
  ["vertex_ai", "gcp.vertex_ai"],
  ["our-own-vllm", "our-own-vllm"],
])("the provider %s is known as %s", (said, name) => {
  expect(call({ ...chat, "gen_ai.provider.name": said }).provider).toBe(name);
});

test("tokens with prices of their own are kept where there are any", () => {
  expect(call(chat).tokens).not.toHaveProperty("special");
  expect(
    call({
      ...chat,
      "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens": 7,
      "llm.token_count.prompt_details.audio": "5",
      "gen_ai.usage.details.output_audio_tokens": 0,
      "gen_ai.usage.details.output_image_tokens": -1,
    }).tokens.special,
  ).toEqual({ cacheWriteHour: 7, inputAudio: 5 });
});

test("embeddings have no output, and a total is their input", () => {
  const { operation, tokens, totalTokens } = call({
    "gen_ai.operation.name": "embeddings",
    "gen_ai.request.model": "text-embedding-3-small",
    "gen_ai.usage.total_tokens": 8,
  });
  expect({ operation, tokens, totalTokens }).toEqual({
    operation: "embeddings",
    tokens: { input: 8, output: 0, cacheRead: null, cacheWrite: null, reasoning: null },
    totalTokens: 8,
  });
});

test("a model that embeds and says nothing else does embed", () => {
  expect(call({ "llm.model": "text-embedding-3-small", "llm.input_tokens": 8 }).operation).toBe("embeddings");
});

test("an operation with a name of its own is a call when it used a model's tokens", () => {
  expect(call({ ...chat, "gen_ai.operation.name": "summarise" }).operation).toBe("chat");
});

test("runs of agents and calls of tools are counted, not billed, whatever usage they sum up", () => {
  expect(
    run({ ...chat, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper" }),
  ).toMatchObject({ kind: "agent", agent: "helper", tool: null });
  expect(run({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather" })).toMatchObject({
    kind: "tool",
    tool: "weather",
  });
  expect(run({ "traceloop.span.kind": "agent", "gen_ai.agent.name": "helper" }).kind).toBe("agent");
});

test.each<[string, Record<string, AttributeValue>, Parameters<typeof span>[1]?]>([
  ["other-operation", { "traceloop.span.kind": "workflow", "llm.usage.total_tokens": 9 }],
  ["other-operation", { "gen_ai.operation.name": "create_agent", "gen_ai.request.model": "gpt-4o" }],
  ["other-operation", { "gen_ai.operation.name": "image_generation", "gen_ai.request.model": "dall-e-3" }],
  ["not-genai", { "llm.user": "ada" }],
  ["not-genai", { "http.route": "/", feature: "chat" }],
  ["invalid-ids", chat, { traceId: "00000000000000000000000000000000" }],
  ["invalid-ids", chat, { spanId: "b7ad" }],
  ["invalid-ids", chat, { traceId: "zzf7651916cd43dd8448eb211c80319c" }],
])("what is neither says why: %s", (reason, attributes, rest = {}) => {
  expect(normalise(span(attributes, rest), later)).toEqual({ not: reason });
});

test.each<[Record<string, AttributeValue>, Partial<Call["tokens"]>, Doubt[]]>([
  [{ "gen_ai.usage.input_tokens": -1 }, { input: null, output: 20 }, ["negative-tokens"]],
  [{ "gen_ai.usage.input_tokens": 99.6 }, { input: 100 }, ["fractional-tokens"]],
  [{ "gen_ai.usage.input_tokens": 1e18 }, { input: null }, ["absurd-tokens"]],
  [{ "gen_ai.usage.input_tokens": "many" }, { input: null }, ["unreadable-tokens"]],
  [{ "gen_ai.usage.input_tokens": Number.NaN }, { input: null }, ["unreadable-tokens"]],
  [{ "gen_ai.usage.input_tokens": [1] }, { input: null }, ["unreadable-tokens"]],
  [{ "gen_ai.usage.input_tokens": "" }, { input: null }, []],
  [{ "gen_ai.usage.cache_read.input_tokens": 101 }, { input: 201, cacheRead: 101 }, ["cached-beyond-input"]],
  [{ "gen_ai.usage.reasoning.output_tokens": 21 }, { output: 41 }, ["reasoning-beyond-output"]],
  [{ "gen_ai.usage.total_tokens": 5 }, { input: 100, output: 20 }, ["total-differs"]],
])("odd counts %j are put right or left out, and said", (attributes, tokens, doubts) => {
  const read = call({ ...chat, ...attributes });
  expect(read.tokens).toMatchObject(tokens);
  expect(read.doubts).toEqual(doubts);
});

test("nobody named is nobody, not an empty name", () => {
  const { user, team, feature, environment, service, agent } = call({ ...chat, "user.id": "", team: "  " });
  expect({ user, team, feature, environment, service, agent }).toEqual({
    user: null,
    team: null,
    feature: null,
    environment: null,
    service: null,
    agent: null,
  });
});

test("what a span says of its owner wins over what its resource says, whatever the names", () => {
  const { environment } = call(
    { ...chat, environment: "canary" },
    { resource: { "deployment.environment.name": "production" } },
  );
  expect(environment).toBe("canary");
});

test("a time ahead is taken for the time of receipt, and keeps its place for telling spans apart", () => {
  const startMs = noon + 40 * 24 * 3_600_000;
  expect(call(chat, { startMs, endMs: startMs + 1000 })).toMatchObject({
    timestamp: new Date(later),
    month: "2026-12-01",
    doubts: ["time-ahead"],
  });
});

test.each([0, Date.UTC(2262, 0), Number.NaN, 1e300])("the time %d can't be", (startMs) => {
  const read = call(chat, { startMs, endMs: startMs + 1000 });
  expect(read).toMatchObject({ timestamp: new Date(later), month: "1970-01-01" });
  expect(read.doubts).toContain("time-impossible");
});

test("clocks that run backwards or stand for days leave no latency", () => {
  expect(call(chat, { endMs: noon - 1 })).toMatchObject({ latency: null, doubts: ["ends-before-start"] });
  expect(call(chat, { endMs: noon + 1e12 })).toMatchObject({ latency: null, doubts: ["absurd-latency"] });
});

test("a first token in milliseconds is read in seconds, and not after the end", () => {
  expect(call({ ...chat, "llm.ttft_ms": 250 }).timeToFirstToken).toBe(0.25);
  expect(call({ ...chat, "llm.ttft_ms": 5000 })).toMatchObject({
    timeToFirstToken: null,
    doubts: ["first-token-after-end"],
  });
});

test("a megabyte in an attribute is cut, and NUL and half characters don't pass", () => {
  expect(call({ ...chat, feature: "x".repeat(1_000_000) }).feature).toHaveLength(200);
  expect(call({ ...chat, feature: "a\u0000b\ud800" }).feature).toBe("a b");
});

test("a failure without a model's attribute is known by its span's name", () => {
  expect(
    call(
      { "gen_ai.operation.name": "chat", "error.type": "RateLimitError" },
      { name: "chat gpt-4o", failed: true },
    ),
  ).toMatchObject({
    requestModel: "gpt-4o",
    provider: "openai",
    status: "error",
    errorType: "rate_limit",
    providerError: "RateLimitError",
  });
});

test("a failure may be told by the exception alone", () => {
  expect(call(chat, { failed: true, exceptionType: "APITimeoutError" })).toMatchObject({
    errorType: "timeout",
    providerError: "APITimeoutError",
  });
});

test("the sender's own cost is kept beside, in plain digits", () => {
  expect(call({ ...chat, "llm.cost_usd": 1.5e-7 }).reportedCostUsd).toBe("0.00000015");
  expect(call({ ...chat, "gen_ai.usage.cost": "0.25" }).reportedCostUsd).toBe("0.25");
  expect(call({ ...chat, "gen_ai.usage.cost": -1 }).reportedCostUsd).toBeNull();
});

test("a list of reasons that was sent as text is read like one", () => {
  expect(call({ ...chat, "gen_ai.response.finish_reasons": '["length"]' }).finishReason).toBe("length");
});

test.each([
  ["tool_calls", "tool_call"],
  ["tool_use", "tool_call"],
  ["end_turn", "stop"],
  ["MAX_TOKENS", "length"],
  ["refusal", "content_filter"],
  ["cancelled", "cancelled"],
])("a model that stopped by %s is known to have stopped by %s", (said, known) => {
  expect(call({ ...chat, "gen_ai.response.finish_reasons": [said] }).finishReason).toBe(known);
});

test("a part of no tokens is the same as a part that nobody tells of", () => {
  expect(
    call({
      ...chat,
      "gen_ai.usage.cache_read.input_tokens": 0,
      "gen_ai.usage.cache_write.input_tokens": 0,
      "gen_ai.usage.reasoning_tokens": 0,
    }).tokens,
  ).toEqual(call(chat).tokens);
});

test("an answer that was not streamed has no first token of its own", () => {
  const first = { ...chat, "gen_ai.server.time_to_first_token": 0.5 };
  expect(call({ ...first, "gen_ai.request.is_stream": false }).timeToFirstToken).toBeNull();
  expect(call({ ...first, "gen_ai.request.is_stream": true }).timeToFirstToken).toBe(0.5);
});

test("OpenLIT's word for a service and environment that nobody named names none", () => {
  const unnamed = { ...chat, "service.name": "default", "deployment.environment": "default" };
  expect(call(unnamed)).toMatchObject({ service: null, environment: null });
  expect(
    call(unnamed, { resource: { "service.name": "shop", "deployment.environment.name": "production" } }),
  ).toMatchObject({ service: "shop", environment: "production" });
});

test("a failure that bears nothing but its name is known by the instrumentation that leaves it so", () => {
  const failed = { name: "chat gpt-4o-mini", failed: true, exceptionType: "openai.RateLimitError" };
  expect(call({}, { ...failed, scope: "openlit.otel.tracing" })).toMatchObject({
    requestModel: "gpt-4o-mini",
    provider: "openai",
    errorType: "rate_limit",
  });
  expect(normalise(span({}, failed), later)).toEqual({ not: "not-genai" });
});
