import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Provider } from "../../../llm/demo/provider/provider.js";
import { limitConcurrency, withFallback } from "../../../llm/sdk/index.js";
import { initInMemory, observedProvider, recordedMetrics } from "../../support/observed.js";
import { waitFor } from "../../support/wait-for.js";

// What only an application knows of its providers: how much quota is left, what is under way, what was tried again.

const telemetry = initInMemory();
let provider: Provider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  ({ provider, openai, anthropic } = await observedProvider());
});
afterAll(async () => {
  await provider.close();
  await telemetry.shutdown();
});

/** Values of a metric, by its labels. */
async function values(name: string): Promise<Record<string, number>> {
  const metrics = await recordedMetrics(() => telemetry.flush());
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return Object.fromEntries(
    points.map(({ attributes, value }) => [Object.values(attributes).join(" "), value as number]),
  );
}

const askOpenAi = (model: string, retries = 0) =>
  openai.chat.completions.create(
    { model, messages: [{ role: "user", content: "Hi" }] },
    { maxRetries: retries },
  );
const askAnthropic = (model: string) =>
  anthropic.messages.create({ model, max_tokens: 50, messages: [{ role: "user", content: "Hi" }] });

test("headers of answers tell limits, what is left of them and the headroom, by provider, model and kind", async () => {
  await askOpenAi("gpt-4o-mini");
  await askAnthropic("claude-haiku-4-5");
  const limits = await values("llm_quota_limit");
  expect(limits).toMatchObject({
    "openai gpt-4o-mini requests": 10_000,
    "openai gpt-4o-mini tokens": 4_000_000,
    "anthropic claude-haiku-4-5 requests": 10_000,
  });
  const remaining = await values("llm_quota_remaining");
  expect(Object.keys(remaining)).toEqual(Object.keys(limits));
  expect(remaining["openai gpt-4o-mini requests"]).toBe(9_999);
  const headroom = await values("llm_quota_headroom_ratio");
  expect(headroom["openai gpt-4o-mini requests"]).toBeCloseTo(0.9999, 6);
});

test("a refusal for too many requests tells of the limit, too", async () => {
  provider.incident = "quota";
  try {
    const answers = await Promise.allSettled(Array.from({ length: 250 }, () => askOpenAi("gpt-quota")));
    expect(answers.some(({ status }) => status === "rejected")).toBe(true);
  } finally {
    provider.incident = "none";
  }
  expect((await values("llm_quota_headroom_ratio"))["openai gpt-quota requests"]).toBeLessThan(0.05);
});

test("calls in progress are counted up when they begin and down however they end", async () => {
  provider.next({ hang: true });
  const abort = new AbortController();
  const hanging = openai.chat.completions
    .create({ model: "gpt-slow", messages: [] }, { signal: abort.signal })
    .catch((error) => error);
  const arrived = () =>
    provider.requests.some(({ body }) => (body as { model?: string }).model === "gpt-slow");
  await waitFor("the request that hangs", arrived, { everyMs: 5 });
  expect((await values("llm_requests_in_progress"))["gpt-slow openai"]).toBe(1);
  abort.abort();
  await hanging;
  expect((await values("llm_requests_in_progress"))["gpt-slow openai"]).toBe(0);
  provider.next({ status: 500 });
  await askOpenAi("gpt-slow").catch(() => {});
  expect((await values("llm_requests_in_progress"))["gpt-slow openai"]).toBe(0);
});

test("requests that are sent again are counted", async () => {
  provider.next({ status: 500, retryAfter: 0 }, { status: 429, retryAfter: 0 });
  await askOpenAi("gpt-again", 2);
  expect((await values("llm_retries"))["gpt-again openai"]).toBe(2);
});

describe("a fallback", () => {
  test("gives the second answer when the first fails, and is counted once, with its reason", async () => {
    provider.next({ status: 503 });
    const answer = await withFallback(
      () => askOpenAi("gpt-first"),
      () => askAnthropic("claude-second"),
    );
    expect(answer.model).toBe("claude-second");
    expect(await values("llm_fallbacks")).toEqual({
      "openai gpt-first anthropic claude-second overloaded": 1,
    });
  });

  test("is none when the first answers, or when what failed was no call of a model", async () => {
    const before = await values("llm_fallbacks");
    const ways: string[] = [];
    await withFallback(
      () => askOpenAi("gpt-fine"),
      () => askAnthropic("claude-never"),
    );
    await withFallback(
      () => {
        ways.push("first");
        throw new Error("no index");
      },
      async () => {
        ways.push("second");
        await askAnthropic("claude-second");
      },
    );
    expect(ways).toEqual(["first", "second"]);
    expect(await values("llm_fallbacks")).toEqual(before);
  });

  test("throws what the last way throws", async () => {
    provider.next({ status: 500 }, { status: 401 });
    await expect(
      withFallback(
        () => askOpenAi("gpt-a"),
        () => askOpenAi("gpt-b"),
      ),
    ).rejects.toMatchObject({ status: 401 });
  });
});

describe("a gate", () => {
  test("lets so many through at once, in the order in which they came, and counts who waits", async () => {
    const gate = limitConcurrency({ provider: "gated", atOnce: 2 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((at) =>
      gate(() => {
        begun.push(at);
        return new Promise<number>((resolve) => ends.push(() => resolve(at)));
      }),
    );
    expect(begun).toEqual([0, 1]);
    expect((await values("llm_queue_depth")).gated).toBe(2);
    ends[1]!();
    await all[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]!();
    await all[0];
    await Promise.resolve();
    for (const end of ends) end();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
    expect((await values("llm_queue_depth")).gated).toBe(0);
  });

  test("opens again after a failure", async () => {
    const gate = limitConcurrency({ provider: "gated", atOnce: 1 });
    const [failed, after] = await Promise.allSettled([
      gate(() => Promise.reject(new Error("no"))),
      gate(() => "fine"),
    ]);
    expect([failed.status, after]).toEqual(["rejected", { status: "fulfilled", value: "fine" }]);
  });

  test.each([0, -1, 1.5, Number.NaN])("of %s is refused", (atOnce) => {
    expect(() => limitConcurrency({ provider: "gated", atOnce })).toThrow(RangeError);
  });
});
