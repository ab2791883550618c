import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import OpenAI from "openai";
import type { Provider } from "../../../llm/demo/provider/provider.js";
import { observeOpenAI } from "../../../llm/sdk/index.js";
import {
  forget,
  initInMemory,
  observedProvider,
  recordedLines,
  recordedMetrics,
  recordedSpans,
} from "../../support/observed.js";
import { waitFor } from "../../support/wait-for.js";

// The official client, observed, against the fake provider: what the application gets is what it would get without.

const telemetry = initInMemory();
let provider: Provider;
let openai: OpenAI;
let bare: () => OpenAI;

beforeAll(async () => {
  const started = await observedProvider();
  ({ provider, openai } = started);
  bare = started.bare.openai;
});
beforeEach(forget);
afterAll(async () => {
  await provider.close();
  await telemetry.shutdown();
});

const hello = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Where is my order?" }] };
const tools = [
  {
    type: "function" as const,
    function: { name: "find_order", parameters: { type: "object", properties: { id: { type: "string" } } } },
  },
];
const one = async () => (await recordedSpans(1))[0]!;
const errorOf = (promise: PromiseLike<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

test("a chat completion becomes one span with its tokens, one line and its metrics", async () => {
  const { data, response, request_id } = await openai.chat.completions.create(hello).withResponse();
  expect(response.status).toBe(200);
  expect(request_id).toMatch(/^req_/);
  expect((data as { _request_id?: string })._request_id).toBe(request_id);
  const spans = await recordedSpans(1);
  expect(spans).toHaveLength(1);
  const [span] = spans;
  expect(span).toMatchObject({ name: "chat gpt-4o-mini", kind: SpanKind.CLIENT });
  expect(span!.status.code).toBe(SpanStatusCode.UNSET);
  expect(span!.attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.id": data.id,
    "gen_ai.response.model": "gpt-4o-mini-2025-08-07",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": data.usage!.prompt_tokens,
    "gen_ai.usage.output_tokens": data.usage!.completion_tokens,
    "openai.response.service_tier": "default",
    "http.response.status_code": 200,
  });
  const [line] = recordedLines();
  expect(line).toMatchObject({ severityText: "INFO", spanContext: { traceId: span!.spanContext().traceId } });
  expect(String(line!.body)).toMatch(/^chat gpt-4o-mini answered after /);
  const metrics = await recordedMetrics(() => telemetry.flush());
  expect(metrics.map(({ descriptor }) => descriptor.name)).toEqual(
    expect.arrayContaining(["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]),
  );
});

test("a stream gives the same chunks as without, and tells its usage and the time to its first chunk", async () => {
  const asked = {
    ...hello,
    messages: [{ role: "user" as const, content: "Stream it." }],
    stream: true as const,
  };
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const stream = await openai.chat.completions.create(asked);
  expect(stream.controller).toBeInstanceOf(AbortController);
  for await (const chunk of stream) chunks.push(chunk);
  // Whoever didn't ask for usage meets no chunk without a choice.
  expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
  const span = await one();
  expect(span.attributes).toMatchObject({
    "gen_ai.request.stream": true,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": expect.any(Number),
    "gen_ai.usage.output_tokens": expect.any(Number),
    "gen_ai.response.time_to_first_chunk": expect.any(Number),
  });

  const asking = await openai.chat.completions.create({ ...asked, stream_options: { include_usage: true } });
  const all = [];
  for await (const chunk of asking) all.push(chunk);
  expect(all.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  await one();

  const refusing = await openai.chat.completions.create({
    ...asked,
    stream_options: { include_usage: false },
  });
  for await (const _ of refusing);
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBeUndefined();
  expect(provider.requests.at(-1)!.body).toMatchObject({ stream_options: { include_usage: false } });
});

test("the request of a stream is not changed in the application's own object", async () => {
  const asked = Object.freeze({ ...hello, stream: true as const });
  for await (const _ of await openai.chat.completions.create(asked));
  expect(asked).not.toHaveProperty("stream_options");
  await one();
});

test("both halves of a stream that was split get all of it, and it is one call", async () => {
  const [left, right] = (await openai.chat.completions.create({ ...hello, stream: true })).tee();
  const read = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>) => {
    let text = "";
    for await (const { choices } of stream) text += choices[0]!.delta.content ?? "";
    return text;
  };
  const [first, second] = await Promise.all([read(left), read(right)]);
  expect(first).toBe(second);
  expect(first.length).toBeGreaterThan(10);
  expect(await recordedSpans(1)).toHaveLength(1);
});

test("a stream becomes a readable stream of bytes as before", async () => {
  const stream = await openai.chat.completions.create({ ...hello, stream: true });
  const text = await new Response(stream.toReadableStream()).text();
  expect(JSON.parse(text.split("\n")[0]!)).toMatchObject({ object: "chat.completion.chunk" });
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);
});

test("a stream that is left early is recorded with what was seen, as no failure", async () => {
  for await (const _ of await openai.chat.completions.create({ ...hello, stream: true })) break;
  const aborted = await openai.chat.completions.create({ ...hello, stream: true });
  const seen = [];
  for await (const chunk of aborted) {
    seen.push(chunk);
    aborted.controller.abort();
  }
  for (const span of await recordedSpans(2)) {
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({
      "gen_ai.response.model": "gpt-4o-mini-2025-08-07",
      "gen_ai.response.finish_reasons": ["cancelled"],
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
    });
    expect(span.attributes["error.type"]).toBeUndefined();
  }
});

test("a call that is aborted before its answer fails as the client says", async () => {
  const controller = new AbortController();
  const before = provider.requests.length;
  provider.next({ hang: true });
  const failed = errorOf(openai.chat.completions.create(hello, { signal: controller.signal }));
  await waitFor("the request to arrive", () => provider.requests.length > before);
  controller.abort();
  expect(await failed).toBeInstanceOf(OpenAI.APIUserAbortError);
  expect((await one()).attributes["error.type"]).toBe("APIUserAbortError");
});

test("a stream that breaks throws what the client throws, and is recorded as failed", async () => {
  provider.next({ errorAfter: 3 }, { cutAfter: 3 });
  for (const kind of ["server_error", expect.any(String)]) {
    const stream = await openai.chat.completions.create({ ...hello, stream: true });
    const error = await errorOf(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    expect(error).toBeTruthy();
    const span = await one();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes["error.type"]).toEqual(kind);
  }
});

test("responses, whole and streamed, are chats; embeddings are embeddings", async () => {
  const asked = { model: "gpt-5-mini", input: "Where is my order?" };
  const whole = await openai.responses.create(asked);
  expect(whole.output_text).toMatch(/\w/);
  expect((await one()).attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.response.id": whole.id,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": whole.usage!.input_tokens,
    "gen_ai.usage.output_tokens": whole.usage!.output_tokens,
    "gen_ai.usage.reasoning.output_tokens": whole.usage!.output_tokens_details.reasoning_tokens,
  });
  const final = await openai.responses.stream({ ...asked, max_output_tokens: 1 }).finalResponse();
  expect((await one()).attributes).toMatchObject({
    "gen_ai.request.stream": true,
    "gen_ai.response.finish_reasons": ["length"],
    "gen_ai.usage.output_tokens": final.usage!.output_tokens,
  });
  const { data, usage } = await openai.embeddings.create({
    model: "text-embedding-3-small",
    input: ["a", "b"],
  });
  expect(data).toHaveLength(2);
  const span = await one();
  expect(span.name).toBe("embeddings text-embedding-3-small");
  expect(span.attributes["gen_ai.usage.input_tokens"]).toBe(usage.prompt_tokens);
  expect(span.attributes["gen_ai.usage.output_tokens"]).toBeUndefined();
});

test("the client's helpers are calls like others: streams with events, tools that run by themselves", async () => {
  const runner = openai.chat.completions.stream({ ...hello, tools });
  expect((await runner.finalMessage()).tool_calls).toHaveLength(1);
  expect((await one()).attributes["gen_ai.response.finish_reasons"]).toEqual(["tool_calls"]);
  const run = openai.chat.completions.runTools({
    ...hello,
    tools: [
      {
        type: "function",
        function: {
          name: "find_order",
          parse: JSON.parse,
          function: () => "on its way",
          description: "finds an order",
          parameters: { type: "object", properties: { id: { type: "string" } } },
        },
      },
    ],
  });
  expect(await run.finalContent()).toMatch(/\w/);
  expect(await recordedSpans(2)).toHaveLength(2);
});

test("errors are the client's own, and their kind and status are recorded", async () => {
  const cases: [() => PromiseLike<unknown>, unknown, string, number | undefined][] = [
    [
      () => openai.chat.completions.create({ ...hello, messages: [] }),
      OpenAI.BadRequestError,
      "invalid_request_error",
      400,
    ],
    [
      () => openai.chat.completions.create({ ...hello, model: "unknown" }),
      OpenAI.NotFoundError,
      "model_not_found",
      404,
    ],
    [
      () => openai.withOptions({ apiKey: "sk-invalid" }).embeddings.create({ model: "e", input: "x" }),
      OpenAI.AuthenticationError,
      "invalid_api_key",
      401,
    ],
    [
      () => openai.withOptions({ baseURL: "http://127.0.0.1:1/v1" }).chat.completions.create(hello),
      OpenAI.APIConnectionError,
      "APIConnectionError",
      undefined,
    ],
  ];
  for (const [call, type, kind, status] of cases) {
    const error = await errorOf(call());
    expect(error).toBeInstanceOf(type);
    const span = await one();
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR });
    expect(span.attributes["error.type"]).toBe(kind);
    expect(span.attributes["http.response.status_code"]).toBe(status);
  }
  expect(recordedLines().every(({ severityText }) => severityText === "ERROR")).toBe(true);
});

test("a call that gets through after retries is one call, which knows how many there were", async () => {
  provider.next({ status: 500, retryAfter: 0 }, { status: 429, retryAfter: 0 });
  await openai.chat.completions.create(hello, { maxRetries: 2 });
  const spans = await recordedSpans(1);
  expect(spans).toHaveLength(1);
  expect(spans[0]!.attributes).toMatchObject({
    "http.request.resend_count": 2,
    "http.response.status_code": 200,
  });
});

test("who takes the bare response gets an unread one, and the call still has its tokens", async () => {
  const response = await openai.chat.completions.create(hello).asResponse();
  expect(response.bodyUsed).toBe(false);
  const data = (await response.json()) as OpenAI.ChatCompletion;
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBe(data.usage!.completion_tokens);

  const derived = await openai.responses.create({ model: "gpt-4o", input: "x" }).asResponse();
  expect(await derived.json()).toMatchObject({ object: "response" });
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);

  const streamed = await openai.chat.completions.create({ ...hello, stream: true }).asResponse();
  expect(await streamed.text()).toContain("data: [DONE]");
  expect((await one()).attributes["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);
});

test("a call whose answer nobody awaits, or late, is recorded when the answer comes", async () => {
  void openai.chat.completions.create(hello);
  await one();
  const late = openai.chat.completions.create(hello);
  const span = await one();
  expect((await late).id).toBe(span.attributes["gen_ai.response.id"]);
  expect((await late).usage!.completion_tokens).toBe(span.attributes["gen_ai.usage.output_tokens"]);
});

test("a client that is wrapped twice, or made from a wrapped one, is recorded once", async () => {
  const twice = observeOpenAI(observeOpenAI(bare()));
  await twice.chat.completions.create(hello);
  await twice.withOptions({ timeout: 10_000 }).chat.completions.create(hello);
  expect(await recordedSpans(2)).toHaveLength(2);
});

test("a wrapped client is the client itself: its class, its keys and its promises", async () => {
  const client = bare();
  const keys = Object.keys(client);
  expect(observeOpenAI(client)).toBe(client);
  expect(client).toBeInstanceOf(OpenAI);
  expect(Object.keys(client)).toEqual(keys);
  const promise = client.chat.completions.create(hello);
  expect(promise.constructor.name).toBe("APIPromise");
  await promise;
  await one();
});

test("whatever else the client is asked is not a call", async () => {
  await errorOf(openai.models.list());
  await errorOf(openai.files.retrieve("x"));
  await openai.chat.completions.create(hello);
  expect(await recordedSpans(1)).toHaveLength(1);
});

test("who answers is known from the client and its address", async () => {
  const offline = () => Promise.reject(new Error("no network"));
  class AzureOpenAI extends OpenAI {}
  const clients: [OpenAI, string][] = [
    [new AzureOpenAI({ baseURL: `${provider.url}/v1`, apiKey: "k", fetch: offline }), "azure.ai.openai"],
    [new OpenAI({ baseURL: "https://api.groq.com/openai/v1", apiKey: "k", fetch: offline }), "groq"],
    [new OpenAI({ baseURL: "https://api.mistral.ai/v1", apiKey: "k", fetch: offline }), "mistral_ai"],
  ];
  for (const [client, name] of clients) {
    await errorOf(observeOpenAI(client).chat.completions.create(hello, { maxRetries: 0 }));
    expect((await one()).attributes["gen_ai.provider.name"]).toBe(name);
  }
});

test("a request of nonsense fails as it would without", async () => {
  for (const body of [undefined, null, "text", { model: 5 }]) {
    const ask = async (client: OpenAI) => void (await client.chat.completions.create(body as never));
    expect((await errorOf(ask(openai)))?.message).toBe((await errorOf(ask(bare())))?.message);
  }
});

test("what is not a client is given back as it is", () => {
  for (const value of [undefined, null, 5, {}, Object.freeze({ makeRequest() {}, request() {} })])
    expect(observeOpenAI(value)).toBe(value);
});
