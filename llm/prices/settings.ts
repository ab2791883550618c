import type { Discount, OwnPrice } from "../../stack/llm/money-schema.js";
import { providers } from "../semconv.js";
import { parseDecimal, pricePlaces, writtenDecimal } from "./decimal.js";
import type { Rate, Rates } from "./published.js";

/** What `llm` of the definition says about prices. */
export interface PriceSettings {
  prices: readonly OwnPrice[];
  discounts: readonly Discount[];
}

/** An own price, ready to be looked up. */
export interface OwnRates extends Which {
  /** Undefined: the usual one. */
  serviceTier: string | undefined;
  rates: Rates;
  /** Tells it from what it was before it was changed. */
  version: string;
}

/** A discount, ready to be looked up. */
export interface OwnDiscount extends Which {
  /** What is left to pay, in 10^-4. */
  factor: bigint;
  version: string;
}

/** Which calls are meant. Times are Unix milliseconds; `until` is the first that isn't. */
export interface Which {
  isFor: (provider: string | null, models: readonly string[]) => boolean;
  from: number;
  until: number;
}

export function ownRates(own: OwnPrice): OwnRates {
  const { input, output, cacheRead, cacheWrite, reasoning, serviceTier } = own;
  const [asInput, asCacheWrite] = [rateOf(input), rateOf(cacheWrite ?? input)];
  const asOutput = output === undefined ? {} : { outputAudio: rateOf(output), outputImage: rateOf(output) };
  return {
    ...which(own),
    serviceTier: tierNamed(serviceTier ?? null),
    rates: {
      input: asInput,
      special: { cacheWriteHour: asCacheWrite, inputAudio: asInput, inputImage: asInput, ...asOutput },
      ...(output !== undefined && { output: rateOf(output) }),
      ...(cacheRead !== undefined && { cacheRead: rateOf(cacheRead) }),
      ...(cacheWrite !== undefined && { cacheWrite: rateOf(cacheWrite) }),
      ...(reasoning !== undefined && { reasoning: rateOf(reasoning) }),
    },
    version: `own:${fingerprint(JSON.stringify(Object.entries(own).sort()))}`,
  };
}

export function ownDiscount(discount: Discount): OwnDiscount {
  return {
    ...which(discount),
    factor: 10_000n - parseDecimal(written(discount.percent), 2),
    version: `-${written(discount.percent)}%`,
  };
}

/** Names of a provider that mean the same one: as the registry of names has it. */
export function providerName(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(providers, lower) ? providers[lower]! : lower;
}

/** Service tiers that are the usual price: of OpenAI, Anthropic, Google and Groq, and what requests ask for them with. */
const usualTiers = new Set(["", "default", "auto", "standard", "standard_only", "on_demand"]);

/** A service tier by its name; undefined: the usual one. */
export function tierNamed(name: string | null): string | undefined {
  const tier = name?.trim().toLowerCase() ?? "";
  return usualTiers.has(tier) ? undefined : tier;
}

/** `model` may hold `*` for any letters. */
function which({
  provider,
  model = "*",
  from,
  until,
}: Pick<Discount, "provider" | "model" | "from" | "until">): Which {
  const wanted = provider === undefined ? undefined : providerName(provider);
  const pattern = new RegExp(`^${model.toLowerCase().split("*").map(quoted).join(".*")}$`, "s");
  return {
    isFor: (of, models) =>
      (wanted === undefined || wanted === of) && (model === "*" || models.some((name) => pattern.test(name))),
    from: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    until: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
  };
}

function quoted(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\/-]/g, "\\$&");
}

function rateOf(price: number | string): Rate {
  return { base: parseDecimal(written(price), pricePlaces), steps: [] };
}

function written(value: number | string): string {
  return typeof value === "string" ? value : writtenDecimal(value);
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells versions apart, and guards nothing. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
