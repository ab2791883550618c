import { calcPrice } from "@pydantic/genai-prices";
import { seededRandom } from "./random.js";

/** Models with dated prices, prices by length, for caches, by time of day, by request, and for embedding. */
const models = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-4o-mini"],
  ["openai", "gpt-4.1"],
  ["openai", "gpt-4.1-nano"],
  ["openai", "gpt-4-turbo-2024-04-09"],
  ["openai", "gpt-3.5-turbo-0125"],
  ["openai", "o3"],
  ["openai", "o4-mini"],
  ["openai", "gpt-5.6-luna"],
  ["openai", "gpt-5.6-sol"],
  ["openai", "gpt-5.6-terra"],
  ["openai", "text-embedding-3-small"],
  ["openai", "text-embedding-3-large"],
  ["anthropic", "claude-3-5-haiku-20241022"],
  ["anthropic", "claude-3-haiku-20240307"],
  ["anthropic", "claude-opus-4-20250514"],
  ["anthropic", "claude-opus-4-6"],
  ["anthropic", "claude-sonnet-4-6"],
  ["anthropic", "claude-sonnet-4-5-20250929"],
  ["anthropic", "claude-haiku-4-5"],
  ["gcp.gemini", "gemini-2.5-flash"],
  ["gcp.gemini", "gemini-2.5-pro"],
  ["gcp.vertex_ai", "gemini-3.8-flash"],
  ["gcp.gemini", "gemini-2.0-flash"],
  ["mistral_ai", "mistral-medium-latest"],
  ["mistral_ai", "ministral-8b-latest"],
  ["deepseek", "deepseek-v4-flash"],
  ["deepseek", "deepseek-chat"],
  ["x_ai", "grok-4"],
  ["perplexity", "sonar-pro"],
] as const;

const librarysIds: Record<string, string> = {
  "gcp.gemini": "google",
  "gcp.vertex_ai": "google",
  mistral_ai: "mistral",
  x_ai: "x-ai",
};

/** A cost of the library's price of that day, in whole 10^-12 dollars: the tables have at most 6 places. */
function reckoned(prices: Record<string, unknown>, usage: Record<string, number>): bigint {
  const millionths = (key: string) => {
    const value = prices[key] as number | { base: number; tiers: { start: number; price: number }[] };
    const amount =
      typeof value === "number"
        ? value
        : value.tiers.reduce(
            (found, { start, price }) => (usage.input_tokens! > start ? price : found),
            value.base,
          );
    return BigInt(Math.round(amount * 1e6));
  };
  let left = usage.input_tokens!;
  let sum = 0n;
  for (const [tokens, key] of [
    [usage.cache_read_tokens!, "cache_read_mtok"],
    [usage.cache_write_tokens!, "cache_write_mtok"],
  ] as const) {
    if (!(key in prices)) continue;
    sum += BigInt(tokens) * millionths(key);
    left -= tokens;
  }
  sum += BigInt(left) * millionths("input_mtok");
  if (usage.output_tokens! > 0) sum += BigInt(usage.output_tokens!) * millionths("output_mtok");
  if ("requests_kcount" in prices) sum += millionths("requests_kcount") * 1000n;
  return sum;
}

/** A call, and what it costs by a reckoning that shares nothing with the ledger's. */
export interface ReckonedCall {
  provider: string;
  model: string;
  operation: "chat" | "embeddings";
  time: Date;
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number; reasoning: number };
  /** In 10^-12 US dollars. */
  cost: bigint;
  /** In US dollars, as the library sums it in floats. */
  byTheLibrary: number;
}

/** Calls of 30 models, at any second between two times (Unix milliseconds); half of the prompts are long. */
export function* reckonedCalls(count: number, from: number, until: number): Generator<ReckonedCall> {
  const random = seededRandom(6);
  for (let at = 0; at < count; at++) {
    const [provider, model] = random.pick(models);
    const embeds = model.startsWith("text-embedding");
    const time = new Date(from + random.below((until - from) / 1000) * 1000);
    const input = random.below(random.pick([1, 100, 8_000, 1_000_000]) + 1);
    const cacheRead = embeds ? 0 : random.below(input + 1);
    const cacheWrite = embeds ? 0 : random.below(input - cacheRead + 1);
    const output = embeds ? 0 : random.below(50_000);
    const usage = {
      input_tokens: input,
      cache_read_tokens: cacheRead,
      cache_write_tokens: cacheWrite,
      output_tokens: output,
    };
    const providerId = librarysIds[provider] ?? provider;
    const expected = calcPrice(usage, model, { providerId, timestamp: time })!;
    yield {
      provider,
      model,
      operation: embeds ? "embeddings" : "chat",
      time,
      tokens: { input, output, cacheRead, cacheWrite, reasoning: random.below(output + 1) },
      cost: reckoned(expected.model_price, usage),
      byTheLibrary: expected.total_price,
    };
  }
}

/** A cost as whole 10^-12 dollars; throws where it has more places than that. */
export function picodollars(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  if (/[1-9]/.test(fraction.slice(12))) throw new RangeError(`more than 12 places: ${text}`);
  return BigInt(whole + fraction.slice(0, 12).padEnd(12, "0"));
}
