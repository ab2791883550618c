import Anthropic from "@anthropic-ai/sdk";
import { SpanStatusCode } from "@opentelemetry/api";
import type { Provider } from "../../../llm/demo/provider/provider.js";
import { observeAnthropic } from "../../../llm/sdk/index.js";
import { forget, initInMemory, observedProvider, recordedSpans } from "../../support/observed.js";

const telemetry = initInMemory();
let provider: Provider;
let anthropic: Anthropic;
let bare: () => Anthropic;

beforeAll(async () => {
  const started = await observedProvider();
  ({ provider, anthropic } = started);
  bare = started.bare.anthropic;
});
beforeEach(forget);
afterAll(async () => {
  await provider.close();
  await telemetry.shutdown();
});

const hello = {
  model: "claude-haiku-4-5",
  max_tokens: 500,
  messages: [{ role: "user" as const, content: "Where is my order?" }],
};
const long = "You answer questions of customers about their orders, briefly. ".repeat(150);
const cached = {
  ...hello,
  system: [{ type: "text" as const, text: long, cache_control: { type: "ephemeral" as const } }],
};
const one = async () => (await recordedSpans(1))[0]!;
const errorOf = (promise: PromiseLike<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

test("a message becomes one span, though the client would make one itself", async () => {
  const { data, response, request_id } = await anthropic.messages.create(hello).withResponse();
  expect([response.status, request_id]).toEqual([200, (data as { _request_id?: string })._request_id]);
  const spans = await recordedSpans(1);
  expect(spans).toHaveLength(1);
  expect(spans[0]!.name).toBe("chat claude-haiku-4-5");
  expect(spans[0]!.attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-haiku-4-5",
    "gen_ai.response.id": data.id,
    "gen_ai.response.model": "claude-haiku-4-5",
    "gen_ai.response.finish_reasons": ["end_turn"],
    "gen_ai.usage.input_tokens": data.usage.input_tokens,
    "gen_ai.usage.output_tokens": data.usage.output_tokens,
    "openai.response.service_tier": "standard",
    "http.response.status_code": 200,
  });
  // Nor does it tell the provider of the application's traces.
  expect(provider.requests.at(-1)!.headers).not.toHaveProperty("traceparent");

  await anthropic.withOptions({ timeout: 9_000 }).messages.create(hello);
  expect(await recordedSpans(1)).toHaveLength(1);
});

test("tokens that stay in the cache for an hour are told apart: they cost more", async () => {
  const forAnHour = {
    ...hello,
    system: [
      {
        type: "text" as const,
        text: `${long} For an hour.`,
        cache_control: { type: "ephemeral" as const, ttl: "1h" as const },
      },
    ],
  };
  const { usage } = await anthropic.messages.create(forAnHour);
  expect((await one()).attributes).toMatchObject({
    "gen_ai.usage.cache_creation.input_tokens": usage.cache_creation_input_tokens,
    "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens": usage.cache_creation_input_tokens,
  });
});

test("tokens of the cache are among the input, and told apart", async () => {
  const { usage: first } = await anthropic.messages.create(cached);
  const written = first.cache_creation_input_tokens!;
  expect((await one()).attributes).toMatchObject({
    "gen_ai.usage.input_tokens": first.input_tokens + written,
    "gen_ai.usage.cache_creation.input_tokens": written,
  });
  const { usage: second } = await anthropic.messages.stream(cached).finalMessage();
  expect((await one()).attributes).toMatchObject({
    "gen_ai.request.stream": true,
    "gen_ai.usage.input_tokens": second.input_tokens + written,
    "gen_ai.usage.cache_read.input_tokens": written,
    "gen_ai.usage.output_tokens": second.output_tokens,
    "gen_ai.response.finish_reasons": ["end_turn"],
    "gen_ai.response.time_to_first_chunk": expect.any(Number),
  });
});

test("a stream gives the client's own events; one that is left early keeps what it said of its input", async () => {
  const types: string[] = [];
  for await (const event of await anthropic.messages.create({ ...hello, stream: true }))
    types.push(event.type);
  expect([types[0], types.at(-1)]).toEqual(["message_start", "message_stop"]);
  await one();
  for await (const _ of await anthropic.messages.create({ ...hello, stream: true })) break;
  const span = await one();
  expect(span.attributes).toMatchObject({
    "gen_ai.response.finish_reasons": ["cancelled"],
    "gen_ai.usage.input_tokens": expect.any(Number),
    "gen_ai.usage.output_tokens": 1,
  });
  const helper = anthropic.messages.stream(hello);
  helper.on("text", () => helper.abort());
  expect(await errorOf(helper.finalMessage())).toBeInstanceOf(Anthropic.APIUserAbortError);
  expect((await one()).status.code).toBe(SpanStatusCode.UNSET);
});

test("tools that run by themselves are calls like others, and counting tokens is none", async () => {
  await anthropic.messages.countTokens({ model: hello.model, messages: hello.messages });
  const tools = [
    { name: "find_order", input_schema: { type: "object" as const, properties: { id: { type: "string" } } } },
  ];
  const message = await anthropic.messages.create({ ...hello, tools });
  expect(message.stop_reason).toBe("tool_use");
  const spans = await recordedSpans(1);
  expect(spans).toHaveLength(1);
  expect(spans[0]!.attributes["gen_ai.response.finish_reasons"]).toEqual(["tool_use"]);
});

test("errors are the client's own, in a stream as well, and their kind is the provider's", async () => {
  provider.next({ status: 529 }, { status: 429 }, { errorAfter: 2 });
  for (const kind of ["overloaded_error", "rate_limit_error"]) {
    const error = await errorOf(anthropic.messages.create(hello));
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect((await one()).attributes["error.type"]).toBe(kind);
  }
  const stream = await anthropic.messages.create({ ...hello, stream: true });
  const error = await errorOf(
    (async () => {
      for await (const _ of stream);
    })(),
  );
  expect(error).toBeInstanceOf(Anthropic.APIError);
  expect((await one()).attributes["error.type"]).toBe("overloaded_error");
});

test("retries are counted, and a client that is wrapped twice is recorded once", async () => {
  provider.next({ status: 529, retryAfter: 0 });
  await observeAnthropic(observeAnthropic(bare())).messages.create(hello, { maxRetries: 1 });
  const spans = await recordedSpans(1);
  expect(spans).toHaveLength(1);
  expect(spans[0]!.attributes["http.request.resend_count"]).toBe(1);
});

test("who takes the bare response gets an unread one, and the call still has its tokens", async () => {
  const response = await anthropic.messages.create(hello).asResponse();
  const data = (await response.json()) as Anthropic.Message;
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBe(data.usage.output_tokens);
});
