import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { type Provider, type ProviderOptions, startProvider } from "../../../llm/demo/provider/provider.js";

// What the official clients make of the fake provider: they are the judges of whether it speaks the protocols.

const running: Provider[] = [];

afterEach(async () => {
  for (const provider of running.splice(0)) await provider.close();
});

async function start(options: ProviderOptions = {}) {
  const provider = await startProvider({ pace: 0, ...options });
  running.push(provider);
  return {
    provider,
    openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: "sk-demo", maxRetries: 0 }),
    anthropic: new Anthropic({
      baseURL: provider.url,
      apiKey: "sk-demo",
      maxRetries: 0,
      openTelemetry: false,
    }),
  };
}

const hello = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Where is my order?" }] };
const helloClaude = {
  model: "claude-haiku-4-5",
  max_tokens: 500,
  messages: [{ role: "user" as const, content: "Where is my order?" }],
};
const long = "You answer questions of customers about their orders, briefly and in a friendly tone. ".repeat(
  100,
);
const weather = {
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } },
};

test("a chat completion has an answer and usage that adds up", async () => {
  const { openai } = await start();
  const { data, response, request_id } = await openai.chat.completions.create(hello).withResponse();
  expect(data.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
  expect(data.choices[0]!.message.content).toMatch(/\w+ \w+/);
  expect(data.usage!.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens);
  expect(data.model).toBe("gpt-4o-mini-2025-08-07");
  expect(request_id).toMatch(/^req_/);
  expect(Number(response.headers.get("x-ratelimit-remaining-requests"))).toBe(9_999);
});

test("a streamed chat completion ends with its usage where that was asked for", async () => {
  const { openai } = await start();
  const stream = await openai.chat.completions.create({
    ...hello,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const last = chunks.at(-1)!;
  expect(last.choices).toEqual([]);
  expect(last.usage!.total_tokens).toBe(last.usage!.prompt_tokens + last.usage!.completion_tokens);
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("stop");

  const plain = await openai.chat.completions.create({ ...hello, stream: true });
  for await (const chunk of plain) expect(chunk.usage).toBeUndefined();
});

test("a tool is called with arguments that fit its schema, and its result is answered with text", async () => {
  const { openai } = await start();
  const tools = [{ type: "function" as const, function: weather }];
  const first = await openai.chat.completions.create({ ...hello, tools });
  expect(first.choices[0]!.finish_reason).toBe("tool_calls");
  const [call] = first.choices[0]!.message.tool_calls!;
  if (call?.type !== "function") throw new Error("not a function");
  expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String), days: expect.any(Number) });

  const runner = openai.chat.completions.stream({ ...hello, tools });
  expect((await runner.finalMessage()).tool_calls![0]).toMatchObject({ function: { name: "weather" } });

  const second = await openai.chat.completions.create({
    ...hello,
    tools,
    messages: [
      ...hello.messages,
      first.choices[0]!.message,
      { role: "tool", tool_call_id: call.id, content: "sunny" },
    ],
  });
  expect(second.choices[0]!.finish_reason).toBe("stop");
});

test("responses come whole and streamed, with text, tools and an early end", async () => {
  const { openai } = await start();
  const asked = { model: "gpt-5-mini", input: "Where is my order?" };
  const whole = await openai.responses.create(asked);
  expect(whole.output_text).toMatch(/\w+/);
  expect(whole.usage!.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  const types = [];
  const stream = await openai.responses.create({ ...asked, stream: true });
  for await (const event of stream) types.push(event.type);
  expect(types[0]).toBe("response.created");
  expect(types.at(-1)).toBe("response.completed");
  const tools = [{ type: "function" as const, strict: false, ...weather }];
  const called = await openai.responses.stream({ ...asked, tools }).finalResponse();
  expect(called.output[0]).toMatchObject({ type: "function_call", name: "weather" });
  expect(await openai.responses.create({ ...asked, max_output_tokens: 1 })).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
  });
});

test("embeddings come one for each input, as numbers", async () => {
  const { openai } = await start();
  const { data, usage } = await openai.embeddings.create({
    model: "text-embedding-3-small",
    input: ["one", "two three four"],
    dimensions: 8,
  });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
  expect(data[0]!.embedding.every((number) => Math.abs(number) <= 0.05)).toBe(true);
  expect(usage.total_tokens).toBe(5);
});

test("a prompt that was seen before is read from the cache", async () => {
  const { openai } = await start();
  const ask = (question: string) =>
    openai.chat.completions.create({
      model: "gpt-4o",
      messages: [
        { role: "system", content: long },
        { role: "user", content: question },
      ],
    });
  expect((await ask("one")).usage!.prompt_tokens_details!.cached_tokens).toBe(0);
  const { usage } = await ask("two");
  expect(usage!.prompt_tokens_details!.cached_tokens).toBeGreaterThanOrEqual(1024);
  expect(usage!.prompt_tokens_details!.cached_tokens! % 128).toBe(0);
  expect(usage!.prompt_tokens_details!.cached_tokens!).toBeLessThanOrEqual(usage!.prompt_tokens);
});

test("a message of Claude comes whole and streamed, and both have the same usage", async () => {
  const whole = await (await start({ seed: 3 })).anthropic.messages.create(helloClaude);
  expect(whole.stop_reason).toBe("end_turn");
  expect(whole.content[0]).toMatchObject({ type: "text", text: expect.stringMatching(/\w+/) });
  const { anthropic } = await start({ seed: 3 });
  const final = await anthropic.messages.stream(helloClaude).finalMessage();
  expect(final.stop_reason).toBe("end_turn");
  expect(final.usage.input_tokens).toBe(whole.usage.input_tokens);
  expect(final.usage.output_tokens).toBeGreaterThan(1);
  const types: string[] = [];
  const events = await anthropic.messages.create({ ...helloClaude, stream: true });
  for await (const event of events) types.push(event.type);
  expect([types[0], types.at(-1)]).toEqual(["message_start", "message_stop"]);
});

test("Claude calls tools, streamed and whole", async () => {
  const { anthropic } = await start();
  const tools = [
    { name: "weather", input_schema: { type: "object" as const, properties: weather.parameters.properties } },
  ];
  const whole = await anthropic.messages.create({ ...helloClaude, tools });
  expect(whole).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "weather" }] });
  const streamed = await anthropic.messages.stream({ ...helloClaude, tools }).finalMessage();
  expect(streamed.content[0]).toMatchObject({ name: "weather", input: { city: expect.any(String) } });
});

test("Claude's cache is written once and read from then on", async () => {
  const { anthropic } = await start();
  const ask = () =>
    anthropic.messages.create({
      ...helloClaude,
      system: [{ type: "text", text: long, cache_control: { type: "ephemeral" } }],
    });
  const first = (await ask()).usage;
  const second = (await ask()).usage;
  expect(first).toMatchObject({ cache_read_input_tokens: 0 });
  expect(first.cache_creation_input_tokens).toBeGreaterThan(1024);
  expect(second).toMatchObject({
    cache_read_input_tokens: first.cache_creation_input_tokens,
    cache_creation_input_tokens: 0,
  });
});

test("mistakes and failures are the errors that the clients know", async () => {
  const { openai, anthropic, provider } = await start();
  await expect(openai.chat.completions.create({ ...hello, messages: [] })).rejects.toThrow(
    OpenAI.BadRequestError,
  );
  await expect(openai.chat.completions.create({ ...hello, model: "unknown" })).rejects.toMatchObject({
    status: 404,
    code: "model_not_found",
  });
  await expect(openai.withOptions({ apiKey: "sk-invalid" }).chat.completions.create(hello)).rejects.toThrow(
    OpenAI.AuthenticationError,
  );
  provider.next({ status: 429, retryAfter: 7 });
  const limited = await openai.chat.completions.create(hello).catch((error) => error);
  expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
  expect(limited.headers.get("retry-after")).toBe("7");
  provider.next({ status: 500 });
  await expect(openai.chat.completions.create(hello)).rejects.toThrow(OpenAI.InternalServerError);
  provider.next({ status: 529 });
  await expect(anthropic.messages.create(helloClaude)).rejects.toMatchObject({
    status: 529,
    error: { error: { type: "overloaded_error" } },
  });
  await expect(anthropic.withOptions({ apiKey: "sk-invalid" }).messages.create(helloClaude)).rejects.toThrow(
    Anthropic.AuthenticationError,
  );
  provider.next({ hang: true });
  await expect(openai.chat.completions.create(hello, { timeout: 50 })).rejects.toThrow(
    OpenAI.APIConnectionError,
  );
});

test("a stream can end in an error, and in a cut connection", async () => {
  const { openai, anthropic, provider } = await start();
  const read = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  };
  provider.next({ errorAfter: 3 }, { cutAfter: 3 }, { errorAfter: 3 });
  await expect(openai.chat.completions.create({ ...hello, stream: true }).then(read)).rejects.toThrow(
    "The server had an error",
  );
  await expect(openai.chat.completions.create({ ...hello, stream: true }).then(read)).rejects.toThrow();
  await expect(anthropic.messages.create({ ...helloClaude, stream: true }).then(read)).rejects.toThrow(
    "Overloaded",
  );
});

test("the client's own retries get through after a failure", async () => {
  const { openai, provider } = await start();
  provider.next({ status: 500, retryAfter: 0 }, { status: 429, retryAfter: 0 });
  await openai.withOptions({ maxRetries: 2 }).chat.completions.create(hello);
  expect(provider.requests).toHaveLength(3);
});

test("who asks more than the limit allows is told when to come back", async () => {
  const { openai, anthropic } = await start({ limit: { requests: 2, tokens: 100_000 } });
  for (let call = 0; call < 2; call++) await openai.chat.completions.create(hello);
  const refused = await openai.chat.completions.create(hello).catch((error) => error);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  const { response } = await anthropic.messages.create(helloClaude).withResponse();
  expect(response.headers.get("anthropic-ratelimit-requests-remaining")).toBe("1");
  expect(Date.parse(response.headers.get("anthropic-ratelimit-tokens-reset")!)).toBeGreaterThan(0);
});

test("the same seed gives the same answers, another seed others", async () => {
  const texts = [];
  for (const seed of [1, 1, 2]) {
    const { openai } = await start({ seed });
    texts.push((await openai.chat.completions.create(hello)).choices[0]!.message.content);
  }
  expect(texts[0]).toBe(texts[1]);
  expect(texts[2]).not.toBe(texts[0]);
});

test("incidents begin and end while it runs", async () => {
  const { provider, openai } = await start();
  const put = (incident: string) => fetch(`${provider.url}/incident`, { method: "PUT", body: incident });
  expect((await put("outage")).status).toBe(200);
  await expect(openai.chat.completions.create(hello)).rejects.toMatchObject({ status: 503 });
  expect(await (await fetch(`${provider.url}/incident`)).text()).toBe("outage\n");
  await put("none");
  const usual = (await openai.chat.completions.create(hello)).usage!.completion_tokens;
  provider.incident = "cost";
  const calls = await Promise.all(Array.from({ length: 9 }, () => openai.chat.completions.create(hello)));
  const middle = calls.map(({ usage }) => usage!.completion_tokens).sort((a, b) => a - b)[4]!;
  expect(middle).toBeGreaterThan(usual * 2);
  expect((await put("nonsense")).status).toBe(400);
});
