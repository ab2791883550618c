import { readFileSync } from "node:fs";
import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import { makePriceCall } from "../../../llm/prices/price.js";
import { loadPublishedPrices, publishedSource } from "../../../llm/prices/published.js";
import type { PriceSettings } from "../../../llm/prices/settings.js";
import type { CallTokens, PriceableCall } from "../../../llm/prices/types.js";
import { stackSchema } from "../../../stack/define.js";
import { picodollars, reckonedCalls } from "../../support/reckoned-calls.js";

const published = await loadPublishedPrices();

function settings(llm: object = {}): PriceSettings {
  return stackSchema.parse({ name: "shop", llm }).llm;
}

function price(
  call: Partial<Omit<PriceableCall, "tokens">> & { tokens?: Partial<CallTokens> },
  { at = "2026-09-01T12:00:00Z", llm = {} }: { at?: string; llm?: object } = {},
) {
  return makePriceCall(published, settings(llm))(
    {
      operation: "chat",
      provider: "openai",
      requestModel: "gpt-4o",
      responseModel: null,
      serviceTier: null,
      ...call,
      tokens: { input: 1000, output: 0, cacheRead: null, cacheWrite: null, reasoning: null, ...call.tokens },
    },
    new Date(at),
  );
}

test("10,000 calls of 30 models cost to the last place what another reckoning says, one by one and in sum", () => {
  const priceCall = makePriceCall(published, settings());
  let ours = 0n;
  let theirs = 0n;
  const seen = new Set<string>();
  // Three years with every change of the tables.
  for (const call of reckonedCalls(10_000, Date.UTC(2024, 6, 1), Date.UTC(2027, 6, 1))) {
    const { provider, model, time, operation, tokens, cost, byTheLibrary } = call;
    seen.add(model);
    const { costUsd } = priceCall(
      {
        operation,
        provider,
        requestModel: model,
        responseModel: null,
        serviceTier: null,
        tokens: { ...tokens, output: operation === "embeddings" ? null : tokens.output },
      },
      time,
    );
    // The library's own sum in floats, too: equal to the 6th place of a cent.
    expect(Math.abs(Number(costUsd) - byTheLibrary)).toBeLessThan(0.5e-8);
    expect([model, time, picodollars(costUsd!)]).toEqual([model, time, cost]);
    ours += picodollars(costUsd!);
    theirs += cost;
  }
  expect(seen.size).toBe(30);
  expect(ours).toBe(theirs);
});

test("every published model with a price by the token costs what the library says", async () => {
  const tokens = { input: 300_000, output: 1000, cacheRead: 5000, cacheWrite: 3000, reasoning: null };
  const usage = {
    input_tokens: 300_000,
    output_tokens: 1000,
    cache_read_tokens: 5000,
    cache_write_tokens: 3000,
  };
  const timestamp = new Date("2026-11-01T12:00:00Z");
  let compared = 0;
  for (const provider of (await waitForUpdate())!) {
    for (const { id } of provider.models) {
      const theirs = calcPrice(usage, id, { providerId: provider.id, timestamp });
      // Without prices it says 0, whether it is free or nobody knows.
      if (!theirs || Object.keys(theirs.model_price).length === 0) continue;
      const ours = price(
        { provider: provider.id, requestModel: id, tokens },
        { at: timestamp.toISOString() },
      );
      if (ours.costUsd === null) {
        expect(
          theirs.model_price.input_mtok === undefined || theirs.model_price.output_mtok === undefined,
        ).toBe(true);
        continue;
      }
      expect([provider.id, id, Number(ours.costUsd).toFixed(8)]).toEqual([
        provider.id,
        id,
        theirs.total_price.toFixed(8),
      ]);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(1000);
});

test("the version of the published prices is the installed one", () => {
  const { version } = JSON.parse(
    readFileSync(
      new URL("../../../node_modules/@pydantic/genai-prices/package.json", import.meta.url),
      "utf8",
    ),
  );
  expect(publishedSource).toBe(`genai-prices@${version}`);
});

describe("the price of a call", () => {
  it("holds one token of an embedding", () => {
    const { costUsd } = price({
      operation: "embeddings",
      requestModel: "text-embedding-3-small",
      tokens: { input: 1, output: null },
    });
    expect(costUsd).toBe("0.00000002");
  });

  it("is that of its time, to the second of the change", () => {
    const o3 = (at: string) => price({ requestModel: "o3", tokens: { output: 1000 } }, { at }).costUsd;
    expect([o3("2025-06-09T23:59:59.999Z"), o3("2025-06-10T00:00:00Z")]).toEqual(["0.05", "0.01"]);
  });

  it("has tokens of a cache, of reasoning and the rest apart, and none of them twice", () => {
    const llm = {
      prices: [{ model: "mine", input: 1, output: 10, cacheRead: 0.1, cacheWrite: 1.25, reasoning: 20 }],
    };
    const tokens = { input: 1000, cacheRead: 500, cacheWrite: 100, output: 200, reasoning: 50 };
    expect(price({ requestModel: "mine", tokens }, { llm }).costUsd).toBe("0.003075");
  });

  it("adds parts to the whole where they are more: the sender counted them beside it", () => {
    const tokens = { input: 10, cacheRead: 1000, output: 10, reasoning: 100 };
    // 10 x 2.5 + 1000 x 1.25 + 110 x 10
    expect(price({ tokens }).costUsd).toBe("0.002375");
  });

  it("is found under the name that answered before the one that was asked, and under dated and prefixed names", () => {
    const version = (provider: string, requestModel: string | null, responseModel: string | null = null) =>
      price({ provider, requestModel, responseModel }).priceVersion;
    expect([
      version("openai", "my-deployment", "gpt-4o-2024-08-06"),
      version("azure_openai", "gpt-4o", "gpt-4o-mini-2024-07-18"),
      version("OpenAI", "gpt-4o", "gpt-9-unheard-of"),
      version("google", "models/gemini-2.5-flash"),
      version("bedrock", "us.anthropic.claude-3-5-haiku-20241022-v1:0"),
      version("anthropic", "claude-opus-4-2025-05-14"),
      version("openai", "openai/gpt-4o"),
    ]).toEqual([
      `${publishedSource}:openai/gpt-4o`,
      `${publishedSource}:openai/gpt-4o-mini`,
      `${publishedSource}:openai/gpt-4o`,
      `${publishedSource}:google/gemini-2.5-flash`,
      expect.stringMatching(/:aws\/.*haiku/),
      `${publishedSource}:anthropic/claude-opus-4-0`,
      `${publishedSource}:openai/gpt-4o`,
    ]);
  });

  it("is that of the model's own provider where nobody said who", () => {
    expect(price({ provider: null }).priceVersion).toBe(`${publishedSource}:openai/gpt-4o`);
  });

  it("is unknown, with the reason, and never 0", () => {
    const reason = (call: Parameters<typeof price>[0], options?: Parameters<typeof price>[1]) => {
      const { costUsd, priceVersion, unpricedReason } = price(call, options);
      expect([costUsd, priceVersion]).toEqual([null, null]);
      return unpricedReason;
    };
    expect(reason({ requestModel: "gpt-9-unheard-of" })).toBe("unknown-model");
    expect(reason({ requestModel: null })).toBe("unknown-model");
    expect(reason({ provider: "my-own-cluster" })).toBe("unknown-model");
    expect(reason({ tokens: { input: null } })).toBe("no-tokens");
    expect(reason({ tokens: { output: null } })).toBe("no-tokens");
    expect(reason({ tokens: { input: -1 } })).toBe("no-tokens");
    expect(reason({ tokens: { input: 1.5 } })).toBe("no-tokens");
    expect(reason({ tokens: { input: Number.NaN } })).toBe("no-tokens");
    expect(reason({ serviceTier: "priority" })).toBe("no-price-for-service-tier");
    expect(reason({ requestModel: "whisper-1" })).toBe("not-priced-by-token");
    expect(reason({ requestModel: "text-embedding-3-small", tokens: { output: 5 } })).toBe(
      "not-priced-by-token",
    );
    const llm = { prices: [{ model: "mine", from: "2026-10-01", input: 1, output: 1 }] };
    expect(reason({ requestModel: "mine" }, { llm })).toBe("no-price-at-that-time");
    expect(reason({}, { at: "never" })).toBe("no-price-at-that-time");
  });

  it("is 0 for a free model, and unknown for one that is listed without a price", () => {
    expect(price({ provider: "azure", requestModel: "mai-ds-r1:free", tokens: { output: 5 } })).toMatchObject(
      { costUsd: "0" },
    );
    expect(price({ provider: "cerebras", requestModel: "qwen-3-coder-480b" })).toMatchObject({
      costUsd: null,
    });
    const llm = { prices: [{ model: "mine", input: 0, output: 0 }] };
    expect(price({ requestModel: "mine", tokens: { output: 5 } }, { llm }).costUsd).toBe("0");
  });

  it("is half in a batch of those who say so, and an own one where it is given", () => {
    const batch = (provider: string, requestModel: string, llm = {}) =>
      price({ provider, requestModel, serviceTier: "batch" }, { llm });
    expect(batch("openai", "gpt-4o")).toEqual({
      costUsd: "0.00125",
      priceVersion: `${publishedSource}:openai/gpt-4o/2`,
    });
    expect(batch("deepseek", "deepseek-chat").unpricedReason).toBe("no-price-for-service-tier");
    const llm = { prices: [{ model: "deepseek-chat", serviceTier: "batch", input: 0.1, output: 0.2 }] };
    expect(batch("deepseek", "deepseek-chat", llm).costUsd).toBe("0.0001");
    const usual = { prices: [{ model: "mine", serviceTier: "default", input: 1, output: 1 }] };
    expect(price({ requestModel: "mine", serviceTier: "standard" }, { llm: usual }).costUsd).toBe("0.001");
    // And it is the price of nothing else.
    expect(price({ provider: "deepseek", requestModel: "deepseek-chat" }, { llm }).costUsd).toBe("0.00027");
  });

  it("has a tier's price for what comes from a cache only where somebody says what it is", () => {
    const tier = (provider: string, requestModel: string, serviceTier: string, cacheRead = 500) => {
      const { costUsd, unpricedReason } = price({
        provider,
        requestModel,
        serviceTier,
        tokens: { input: 1000, output: 100, cacheRead },
      });
      return costUsd ?? unpricedReason;
    };
    const unknown = "no-price-for-service-tier";
    // (500 x 3 + 500 x 0.3 + 100 x 15) / 2
    expect(tier("anthropic", "claude-sonnet-4-5", "batch")).toBe("0.001575");
    // (500 x 0.3 + 100 x 2.5) / 2 + 500 x 0.03
    expect(tier("gcp.gemini", "gemini-2.5-flash", "batch")).toBe("0.000215");
    expect(tier("gcp.gemini", "gemini-2.5-flash", "flex")).toBe(unknown);
    // (1000 x 0.3 + 100 x 2.5) / 2
    expect(tier("gcp.gemini", "gemini-2.5-flash", "flex", 0)).toBe("0.000275");
    expect(tier("openai", "gpt-4o", "batch")).toBe(unknown);
    // (500 x 2.5 + 500 x 1.25 + 100 x 10) / 2
    expect(tier("openai", "gpt-4o", "flex")).toBe("0.0014375");
    // As usual: 1000 x 0.05 + 100 x 0.08
    expect(tier("groq", "llama-3.1-8b-instant", "flex", 0)).toBe("0.000058");
    expect(tier("anthropic", "claude-sonnet-4-5", "priority")).toBe(unknown);
    expect(tier("anthropic", "claude-sonnet-4-5", "constructor")).toBe(unknown);
  });

  it("has audio, images and an hour in the cache apart, and is unknown where they have no price", () => {
    const cost = (
      provider: string,
      requestModel: string,
      tokens: Partial<CallTokens>,
      options?: Parameters<typeof price>[1],
      serviceTier: string | null = null,
    ) => {
      const found = price({ provider, requestModel, serviceTier, tokens }, options);
      return found.costUsd ?? found.unpricedReason;
    };
    const unknown = "no-price-for-special-tokens";
    const hour = { input: 2000, output: 100, cacheWrite: 1000, special: { cacheWriteHour: 600 } };
    // 1000 x 3 + 400 x 3.75 + 600 x 6 + 100 x 15
    expect(cost("anthropic", "claude-sonnet-4-5", hour)).toBe("0.0096");
    expect(cost("anthropic", "claude-sonnet-4-5", hour, {}, "batch")).toBe("0.0048");
    const heard = { input: 1000, output: 10, special: { inputAudio: 400 } };
    // 600 x 0.3 + 400 x 1 + 10 x 2.5
    expect(cost("gcp.gemini", "gemini-2.5-flash", heard)).toBe("0.000605");
    // Nobody says how many of the heard ones were in the cache.
    expect(cost("gcp.gemini", "gemini-2.5-flash", { ...heard, cacheRead: 100 })).toBe(unknown);
    // 1000 x 2.5 + 50 x 10 + 150 x 64
    expect(cost("openai", "gpt-audio", { input: 1000, output: 200, special: { outputAudio: 150 } })).toBe(
      "0.0126",
    );
    expect(cost("openai", "gpt-4o", heard)).toBe(unknown);
    expect(cost("openai", "gpt-4o", { ...heard, special: { inputImage: 1 } })).toBe(unknown);
    const llm = { prices: [{ model: "mine", input: 1, output: 2, cacheWrite: 3 }] };
    // 900 x 1 + 100 x 3 + 10 x 2
    const all = { cacheWriteHour: 100, inputAudio: 400, inputImage: 1, outputAudio: 2, outputImage: 3 };
    expect(cost("own", "mine", { input: 1000, output: 10, cacheWrite: 100, special: all }, { llm })).toBe(
      "0.00122",
    );
    const embeds = { prices: [{ model: "mine", input: 1 }] };
    expect(cost("own", "mine", { special: { outputAudio: 1 }, output: 1 }, { llm: embeds })).toBe(unknown);
  });

  it("takes the last own price that fits, within its dates and for its provider alone", () => {
    const llm = {
      prices: [
        { model: "gpt-4o*", input: "1", output: "1" },
        { model: "gpt-4o", provider: "OpenAI", from: "2026-03-01", until: "2026-06-01", input: 2, output: 2 },
        { model: "gpt-4o", provider: "azure", input: 3, output: 3 },
      ],
    };
    const cost = (at: string, call = {}) => price(call, { at, llm }).costUsd;
    expect([
      cost("2026-02-28T23:59:59Z"),
      cost("2026-03-01T00:00:00Z"),
      cost("2026-05-31T23:59:59Z"),
      cost("2026-06-01T00:00:00Z"),
      cost("2026-06-01T00:00:00Z", { requestModel: "gpt-4o-mini" }),
      cost("2026-06-01T00:00:00Z", { provider: "azure_openai" }),
    ]).toEqual(["0.001", "0.002", "0.002", "0.001", "0.001", "0.003"]);
  });

  it("is less by the last discount that fits, off published prices alone", () => {
    const llm = {
      prices: [{ model: "mine", input: 1, output: 1 }],
      discounts: [
        { percent: 50 },
        { provider: "openai", model: "gpt-4o", from: "2026-01-01", percent: "12.5" },
      ],
    };
    expect(price({}, { llm })).toEqual({
      costUsd: "0.0021875",
      priceVersion: `${publishedSource}:openai/gpt-4o-12.5%`,
    });
    expect(price({ requestModel: "gpt-4.1" }, { llm }).costUsd).toBe("0.001");
    expect(price({ requestModel: "mine" }, { llm }).costUsd).toBe("0.001");
    expect(price({}, { llm, at: "2025-12-31T00:00:00Z" }).costUsd).toBe("0.00125");
  });

  it("goes without rounding with the smallest price, discount and batch there can be", () => {
    const one = { input: 1, output: 0 };
    const smallest = { prices: [{ model: "mine", input: "0.00000001", output: 0 }] };
    expect(price({ requestModel: "mine", tokens: one }, { llm: smallest }).costUsd).toBe("0.00000000000001");
    const llm = { discounts: [{ percent: 0.01 }] };
    expect(
      price(
        {
          operation: "embeddings",
          requestModel: "text-embedding-3-small",
          serviceTier: "batch",
          tokens: { input: 1, output: null },
        },
        { llm },
      ).costUsd,
    ).toBe("0.000000009999");
  });

  it("is unknown for a name of a megabyte, however often it comes", () => {
    const requestModel = "gpt-4o-".padEnd(1_000_000, "x");
    expect(price({ requestModel }).unpricedReason).toBe("unknown-model");
    expect(price({ provider: requestModel }).unpricedReason).toBe("unknown-model");
  });

  it("tells an own price from what it was before", () => {
    const version = (input: number) =>
      price({ requestModel: "mine" }, { llm: { prices: [{ model: "mine", input, output: 1 }] } })
        .priceVersion;
    expect(version(1)).toBe(version(1));
    expect(version(1)).not.toBe(version(2));
  });
});
