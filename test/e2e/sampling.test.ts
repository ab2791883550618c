import { jest } from "@jest/globals";
import { collectorMetric, linesInLoki, traceInJaeger } from "../support/ask-stores.js";
import { freshId, sendLogs, sendSpans, type TestSpan } from "../support/otlp.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// What the collector keeps of traces, and what it keeps of their content, on the real programs.

jest.setTimeout(1_800_000);

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({
    definition: { traces: { sampling: { keepPercent: 0, slow: "5s", decisionWait: "2m", afterRoot: "1s" } } },
  });
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

const stored = (traceId: string, spans = 1) =>
  waitFor(`trace ${traceId} with ${spans} spans in Jaeger`, async () => {
    const found = await traceInJaeger(stack, traceId);
    return found?.length === spans && found;
  });

const undecided = async () =>
  (await collectorMetric(stack, "otelcol_processor_tail_sampling_new_trace_id_received")) -
  (await collectorMetric(stack, "otelcol_processor_tail_sampling_global_count_traces_sampled"));

test("failed and slow traces are kept, wherever in the trace it is; of the others the percentage asked for", async () => {
  const failed = freshId(16);
  const failedInside = freshId(16);
  const slow = freshId(16);
  const plain = Array.from({ length: 20 }, () => freshId(16));
  const root = freshId(8);
  await sendSpans(stack, "sampling", [
    { traceId: failed, error: true },
    { traceId: failedInside, spanId: root },
    { traceId: failedInside, parentSpanId: root, error: true },
    { traceId: slow, durationMs: 6_000 },
    ...plain.map((traceId): TestSpan => ({ traceId })),
  ]);
  await stored(failed);
  await stored(failedInside, 2);
  await stored(slow);
  await waitFor("every decision", async () => (await undecided()) === 0);
  for (const traceId of plain) expect(await traceInJaeger(stack, traceId)).toBeUndefined();
});

test("a long agent run whose root comes last, and fails, is kept from its first span on", async () => {
  const run = freshId(16);
  const root = freshId(8);
  const step = (name: string): TestSpan => ({ traceId: run, parentSpanId: root, name, durationMs: 500 });
  await sendSpans(stack, "agent", [step("chat 1"), step("execute_tool search")]);
  // Meanwhile other traces begin, end and are decided: the run has outlasted what is waited for after a root.
  for (const _ of [1, 2, 3]) {
    const other = freshId(16);
    await sendSpans(stack, "sampling", [{ traceId: other, error: true }]);
    await stored(other);
    await sendSpans(stack, "agent", [step("chat again")]);
  }
  expect(await traceInJaeger(stack, run)).toBeUndefined();
  // The whole run took a minute by its own clock.
  const end = { traceId: run, spanId: root, name: "invoke_agent", durationMs: 60_000, error: true };
  await sendSpans(stack, "agent", [end]);
  const spans = await stored(run, 6);
  expect(spans.map(({ operationName }) => operationName)).toContain("chat 1");
});

test("a span that comes after the decision joins its trace", async () => {
  const late = freshId(16);
  const root = freshId(8);
  await sendSpans(stack, "sampling", [{ traceId: late, spanId: root, error: true }]);
  await stored(late);
  await sendSpans(stack, "sampling", [{ traceId: late, parentSpanId: root }]);
  await stored(late, 2);
});

const told = "mail ada@example.com about card 4111 1111 1111 1111";

/** Content under the names that instrumentations of several generations use, beside attributes that are no content. */
const attributes = {
  "gen_ai.prompt": told,
  "gen_ai.completion": told,
  "gen_ai.prompt.0.content": told,
  "gen_ai.input.messages": told,
  "gen_ai.output.messages": told,
  "gen_ai.system_instructions": told,
  "gen_ai.tool.call.arguments": told,
  "gen_ai.tool.call.result": told,
  "llm.prompts": told,
  "traceloop.entity.input": told,
  "input.value": told,
  "gen_ai.request.model": "small-model",
  "gen_ai.usage.input_tokens": 27,
};

async function sendContent(): Promise<{ tags: Record<string, unknown>; everything: string; logs: string }> {
  const traceId = freshId(16);
  await sendSpans(stack, "content", [
    {
      traceId,
      error: true,
      attributes,
      events: [{ name: "gen_ai.content.prompt", attributes: { "gen_ai.prompt": told } }],
    },
  ]);
  await sendLogs(stack, "content", [
    { body: told, eventName: "gen_ai.user.message", traceId },
    { body: "a log line of the application", attributes, traceId },
  ]);
  const [span] = await stored(traceId);
  const lines = await waitFor("both log lines", async () => {
    const found = await linesInLoki(stack, `{service_name="content"} | trace_id="${traceId}"`);
    return found.length === 2 && found;
  });
  return {
    tags: Object.fromEntries(span!.tags.map(({ key, value }) => [key, value])),
    everything: JSON.stringify(span),
    logs: JSON.stringify(lines),
  };
}

test("what people wrote and models answered never reaches a store, and all else does", async () => {
  const { tags, everything, logs } = await sendContent();
  expect(tags).toMatchObject({ "gen_ai.request.model": "small-model", "gen_ai.usage.input_tokens": 27 });
  expect(logs).toContain("a log line of the application");
  expect(logs).toContain("small-model");
  for (const text of [everything, logs]) {
    expect(text).not.toContain("ada@example.com");
    expect(text).not.toContain("4111");
  }
  for (const key of Object.keys(attributes).filter((name) => !/model|tokens/.test(name)))
    expect(tags).not.toHaveProperty([key]);
});

test("where content is kept, what the patterns find in it is masked", async () => {
  await stack.define({ collector: { content: { keep: true } } });
  await stack.ok(["up"]);
  const { tags, everything, logs } = await sendContent();
  expect(tags["gen_ai.prompt"]).toMatch(/^mail \*+ about card \*+$/);
  for (const text of [everything, logs]) {
    expect(text).toContain("about card");
    expect(text).not.toContain("ada@example.com");
    expect(text).not.toContain("4111");
  }
});
