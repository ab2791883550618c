import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import type OpenAI from "openai";
import type { Provider } from "../../../llm/demo/provider/provider.js";
import { redactContent } from "../../../llm/sdk/content.js";
import { agent, extract, init, inject, log, tool, traced, withContext } from "../../../llm/sdk/index.js";
import { state } from "../../../llm/sdk/state.js";
import {
  forget,
  initInMemory,
  observedProvider,
  recordedLines,
  recordedMetrics,
  recordedSpans,
} from "../../support/observed.js";

const telemetry = initInMemory();
let provider: Provider;
let openai: OpenAI;

beforeAll(async () => {
  ({ provider, openai } = await observedProvider());
});
beforeEach(forget);
afterEach(() => {
  state.content = undefined;
});
afterAll(async () => {
  await provider.close();
  await telemetry.shutdown();
});

const hello = {
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content: "Mail me at ada@example.com" }],
};
const byName = async (count: number) =>
  Object.fromEntries((await recordedSpans(count)).map((span) => [span.name, span]));

test("whom it is for is on all that happens inside, awaited or not, and on nothing outside", async () => {
  const foreign = trace.getTracer("another library");
  await withContext({ user: "ada", team: "search" }, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await withContext({ feature: "answers", environment: "staging", requestId: "r-1" }, async () => {
      await Promise.all([openai.chat.completions.create(hello), traced("inner", async () => {})]);
      foreign.startSpan("foreign").end();
    });
    traced("between", () => {});
  });
  traced("outside", () => {});
  const spans = await byName(5);
  const all = {
    "user.id": "ada",
    team: "search",
    feature: "answers",
    "deployment.environment.name": "staging",
    "request.id": "r-1",
  };
  for (const name of ["chat gpt-4o-mini", "inner", "foreign"])
    expect(spans[name]!.attributes).toMatchObject(all);
  expect(spans.between!.attributes).toEqual({ "user.id": "ada", team: "search" });
  expect(spans.outside!.attributes).toEqual({});
});

test("two requests at once don't mix up whom they are for", async () => {
  await Promise.all(
    ["a", "b", "c"].map((team) =>
      withContext({ team }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await traced(team, () => openai.chat.completions.create(hello).then(() => {}));
      }),
    ),
  );
  const spans = await recordedSpans(6);
  const owners = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  for (const span of spans.filter(({ name }) => name.startsWith("chat")))
    expect(span.attributes.team).toBe(owners.get(span.parentSpanContext!.spanId)!.name);
});

test("trace and owner travel with a message through a queue", async () => {
  const queue: { headers: Record<string, string> }[] = [];
  withContext({ user: "ädä, 100 %", team: "search", requestId: "r-2" }, () =>
    traced("produce", () => queue.push({ headers: inject() })),
  );
  expect(Object.keys(queue[0]!.headers).sort()).toEqual(["baggage", "traceparent"]);
  await extract(queue[0]!.headers, () => traced("consume", async () => {}));
  const { produce, consume } = await byName(2);
  expect(consume!.spanContext().traceId).toBe(produce!.spanContext().traceId);
  expect(consume!.parentSpanContext!.spanId).toBe(produce!.spanContext().spanId);
  expect(consume!.attributes).toEqual({ "user.id": "ädä, 100 %", team: "search" });
});

test("headers of buffers, of any case, of nonsense, and none at all are read or left alone", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  extract({ TraceParent: [Buffer.from(traceparent)] }, () => traced("good", () => {}));
  for (const carrier of [
    undefined,
    null,
    {},
    { traceparent: 5, baggage: "%%%=,=;" },
    { traceparent: "00-x" },
  ])
    expect(extract(carrier as never, () => traced("bad", () => "given"))).toBe("given");
  const spans = await recordedSpans(6);
  expect(spans[0]!.spanContext().traceId).toBe("0af7651916cd43dd8448eb211c80319c");
  for (const span of spans.slice(1)) expect(span.parentSpanContext).toBeUndefined();
});

test("a function that is traced gives and throws what it would", async () => {
  const error = new TypeError("no such order");
  expect(traced("value", () => 5)).toBe(5);
  expect(await traced("promise", async () => 6)).toBe(6);
  expect(() =>
    traced("throws", () => {
      throw error;
    }),
  ).toThrow(error);
  await expect(traced("rejects", () => Promise.reject(error))).rejects.toBe(error);
  const spans = await byName(4);
  for (const name of ["throws", "rejects"]) {
    expect(spans[name]!.status).toEqual({ code: SpanStatusCode.ERROR, message: "no such order" });
    expect(spans[name]!.attributes["error.type"]).toBe("TypeError");
    expect(spans[name]!.events[0]!.name).toBe("exception");
  }
});

test("an agent's calls and tools are known as its own, and its runs are counted", async () => {
  const failing = agent("helper", async () => {
    await openai.chat.completions.create(hello);
    await tool("find_order", async () => "found", { arguments: { id: "x" } });
    await tool("refund", () => Promise.reject(new Error("denied")));
  });
  await expect(failing).rejects.toThrow("denied");
  const spans = await byName(4);
  expect(spans["invoke_agent helper"]!.attributes).toMatchObject({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "helper",
    "error.type": "Error",
  });
  expect(spans["execute_tool find_order"]!.attributes).toEqual({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.agent.name": "helper",
    "gen_ai.tool.name": "find_order",
  });
  expect(spans["execute_tool refund"]!.status.code).toBe(SpanStatusCode.ERROR);
  expect(spans["chat gpt-4o-mini"]!.attributes["gen_ai.agent.name"]).toBe("helper");
  for (const span of Object.values(spans).filter(({ name }) => !name.startsWith("invoke")))
    expect(span.parentSpanContext!.spanId).toBe(spans["invoke_agent helper"]!.spanContext().spanId);

  const metrics = await recordedMetrics(() => telemetry.flush());
  const of = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)!.dataPoints[0]!;
  expect(of("agent_active")).toMatchObject({
    value: 0,
    attributes: { agent: "helper", feature: "unattributed", team: "unattributed" },
  });
  expect(of("gen_ai.invoke_agent.duration").attributes).toEqual({
    "gen_ai.agent.name": "helper",
    "error.type": "Error",
  });
});

test("a step of an agent doesn't look like a call of a model, whatever it is called", async () => {
  withContext({ team: "search", conversation: "c-1" }, () =>
    agent("helper", () => traced("chat with the customer", () => {})),
  );
  const spans = await byName(2);
  expect(spans["chat with the customer"]!.attributes).toEqual({ team: "search" });
  expect(spans["invoke_agent helper"]!.attributes).toMatchObject({ "gen_ai.conversation.id": "c-1" });
});

test("a log line has the ids of its span and whom it is for, but not the person", async () => {
  let traceId = "";
  withContext({ user: "ada", team: "search", requestId: "r-3" }, () =>
    traced("work", (span) => {
      traceId = span.spanContext().traceId;
      log.warn("slow answer", { seconds: 7, error: new RangeError("too long") });
    }),
  );
  const [line] = recordedLines();
  expect(line).toMatchObject({ severityText: "WARN", body: "slow answer", spanContext: { traceId } });
  expect(line!.attributes).toMatchObject({
    team: "search",
    "request.id": "r-3",
    seconds: 7,
    "exception.type": "RangeError",
    "exception.message": "too long",
  });
  expect(line!.attributes).not.toHaveProperty("user.id");
});

test("content is recorded only where it was asked for, masked and cut", async () => {
  await openai.chat.completions.create(hello);
  const [without] = await recordedSpans(1);
  expect(JSON.stringify(without!.attributes)).not.toMatch(/messages|ada@/);

  state.content = redactContent;
  await openai.chat.completions.create({
    ...hello,
    messages: [
      ...hello.messages,
      { role: "user", content: `My key is sk-${"a1".repeat(20)}. ${"x".repeat(9_000)}` },
    ],
  });
  const [whole] = await recordedSpans(1);
  const input = String(whole!.attributes["gen_ai.input.messages"]);
  expect(JSON.parse(input)[0].content).toBe("Mail me at [redacted]");
  expect(JSON.parse(input)[1].content).toMatch(/^My key is \[redacted\]\. x+…$/);
  expect(input.length).toBeLessThan(3_000);

  for await (const _ of await openai.chat.completions.create({ ...hello, stream: true }));
  const [streamed] = await recordedSpans(1);
  expect(JSON.parse(String(streamed!.attributes["gen_ai.output.messages"]))[0]).toMatchObject({
    role: "assistant",
    content: expect.stringMatching(/\w+ \w+/),
  });

  await tool("send", async () => "to bob@example.com", { arguments: { card: "4111 1111 1111 1111" } });
  const [used] = await recordedSpans(1);
  expect(used!.attributes).toMatchObject({
    "gen_ai.tool.call.arguments": '{"card":"[redacted]"}',
    "gen_ai.tool.call.result": '"to [redacted]"',
  });
});

test("content that is huge, deep or turns in circles costs neither time nor the call", async () => {
  state.content = redactContent;
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(tool("round", () => 1, { arguments: circle })).toBe(1);
  expect(tool("long", () => 2, { arguments: "a@".repeat(2_000_000) })).toBe(2);
  await recordedSpans(2);
});

test("beginning again gives what runs, and an owner of nonsense is left out", async () => {
  expect(init()).toBe(telemetry);
  expect(withContext(undefined as never, () => context.active() && 1)).toBe(1);
  withContext({ user: { name: "x" } as never, team: 5 as never, feature: "f".repeat(900) }, () =>
    traced("x", () => {}),
  );
  const [span] = await recordedSpans(1);
  expect(span!.attributes).toEqual({ team: "5", feature: "f".repeat(200) });
});
