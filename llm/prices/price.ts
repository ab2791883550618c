import { divide, formatDecimal, pricePlaces, usdPlaces } from "./decimal.js";
import {
  loadPublishedPrices,
  type PublishedModel,
  type PublishedProvider,
  publishedSource,
  type Rate,
  type Rates,
} from "./published.js";
import {
  type OwnDiscount,
  type OwnRates,
  ownDiscount,
  ownRates,
  type PriceSettings,
  providerName,
  tierNamed,
} from "./settings.js";
import { type TierPrice, tierPrice, usualPrice } from "./tiers.js";
import type { CallTokens, Price, PriceableCall, PriceCall, SpecialTokens } from "./types.js";

/** Ids that the published prices have for the providers of the registry of names, where they differ. */
const publishedIds: Readonly<Record<string, string>> = {
  "aws.bedrock": "aws",
  "azure.ai.inference": "azure",
  "azure.ai.openai": "azure",
  "gcp.gemini": "google",
  "gcp.gen_ai": "google",
  "gcp.vertex_ai": "google",
  mistral_ai: "mistral",
  x_ai: "x-ai",
};

/** Models are looked up once; a sender that makes names up can't fill the memory with them. */
const rememberedModels = 5_000;

/** Longer names, in characters, are looked up each time. */
const longestNames = 500;

/** What is known of a model's price, whenever; what comes first counts. */
interface Found {
  provider: string | null;
  mine: readonly OwnRates[];
  less: readonly OwnDiscount[];
  listed: Listed | undefined;
}

/** A model of the published prices. */
interface Listed {
  /** Id of the provider that sells it, which may go by another's list. */
  seller: string;
  model: PublishedModel;
  version: string;
}

/**
 * Prices calls with the published prices of the installed `@pydantic/genai-prices` and the own ones of the definition.
 *
 * An own price comes first; of several that fit the last counts; discounts are off published prices only. The name of the
 * model that answered is looked up before that of the one that was asked. Tokens read from and written to a cache, of
 * reasoning and of batches have prices apart, where there are any. Where the parts of a prompt or an answer are more than
 * the whole, the sender counted them beside it, and they are added. All in whole numbers, see {@link usdPlaces}.
 */
export async function loadPriceCall(settings: PriceSettings): Promise<PriceCall> {
  return makePriceCall(await loadPublishedPrices(), settings);
}

/** {@link loadPriceCall} with given tables. */
export function makePriceCall(
  published: ReadonlyMap<string, PublishedProvider>,
  { prices, discounts }: PriceSettings,
): PriceCall {
  // The last that fits counts.
  const own = prices.map(ownRates).reverse();
  const off = discounts.map(ownDiscount).reverse();
  const remembered = new Map<string, Found>();

  return (call, at) => {
    const tokens = tokensOf(call);
    if (!tokens) return unpriced("no-tokens");
    const time = at.getTime();
    if (Number.isNaN(time)) return unpriced("no-price-at-that-time");
    const { provider, mine, listed, less } = find(call);
    const tier = tierNamed(call.serviceTier);
    const current = mine.filter((one) => isAt(one, time));
    const ownOfTier = current.find(({ serviceTier }) => serviceTier === tier);
    if (ownOfTier) return costOf(ownOfTier.rates, tokens, { version: ownOfTier.version });
    const usual = current.find(({ serviceTier }) => serviceTier === undefined);
    const share =
      tier === undefined
        ? usualPrice
        : tierPrice(listed?.seller ?? publishedIdOf(provider), tier, usesCache(tokens));
    if (share === undefined) {
      return unpriced(usual || listed ? "no-price-for-service-tier" : notThere(mine));
    }
    if (usual) return costOf(usual.rates, tokens, { version: usual.version, share });
    if (!listed) return unpriced(notThere(mine));
    const { rates } = listed.model.periods.findLast(({ holds }) => holds(at)) ?? {};
    if (!rates) return unpriced("not-priced-by-token");
    const discount = less.find((one) => isAt(one, time));
    return costOf(rates, tokens, { version: listed.version, share, discount });
  };

  function find(call: PriceableCall): Found {
    const key = `${call.provider}\n${call.responseModel}\n${call.requestModel}`;
    const known = remembered.get(key);
    if (known) return known;
    const provider = call.provider === null ? null : providerName(call.provider) || null;
    const names = namesOf(call);
    const isFor = (one: OwnRates | OwnDiscount) => one.isFor(provider, names);
    const found: Found = {
      provider,
      mine: own.filter(isFor),
      less: off.filter(isFor),
      listed: findPublished(published, provider, names),
    };
    // What is longer is no name, and too much to keep.
    if (key.length > longestNames) return found;
    if (remembered.size >= rememberedModels) remembered.clear();
    remembered.set(key, found);
    return found;
  }
}

/** The published model of the first name that has one. */
function findPublished(
  published: ReadonlyMap<string, PublishedProvider>,
  named: string | null,
  names: readonly string[],
): Listed | undefined {
  for (const name of names) {
    const provider =
      named === null
        ? [...published.values()].find(({ owns }) => owns(name))
        : (published.get(publishedIdOf(named)!) ??
          [...published.values()].find(({ isCalled }) => isCalled(named)));
    const found = provider && modelOf(published, provider, name);
    if (found) return found;
  }
  return undefined;
}

function modelOf(
  published: ReadonlyMap<string, PublishedProvider>,
  provider: PublishedProvider,
  name: string,
): Listed | undefined {
  for (const at of [provider, ...provider.fallbacks.flatMap((id) => published.get(id) ?? [])]) {
    const model = at.models.find(({ matches }) => matches(name));
    if (model) return { seller: provider.id, model, version: `${publishedSource}:${at.id}/${model.id}` };
  }
  return undefined;
}

function publishedIdOf(provider: string | null): string | undefined {
  return provider === null ? undefined : (publishedIds[provider] ?? provider);
}

/**
 * The names under which prices of a call's model may be found, the best first: as sent, with its date written as the
 * tables do (`-20250514`, `-2025-05-14`), and without what stands before it (`models/`, an ARN, `openai/`).
 */
function namesOf({ responseModel, requestModel }: PriceableCall): string[] {
  const sent = [responseModel, requestModel].flatMap((name) => name?.trim().toLowerCase() || []);
  return [...new Set(sent.flatMap((name) => [name, dashed(name), undashed(name), lastPart(name)]))];
}

function dashed(name: string): string {
  return name.replace(/-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, "-$1-$2-$3");
}

function undashed(name: string): string {
  return name.replace(/-(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, "-$1$2$3");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Tokens by price, none of them twice. */
interface PricedTokens {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
  special: SpecialTokens;
  /** All of the prompt: prices go by its length. */
  prompt: number;
}

/** Undefined where it isn't known how many there were: an embedding has no answer, all else needs both. */
function tokensOf({ operation, tokens }: PriceableCall): PricedTokens | undefined {
  const input = counted(tokens, "input");
  const output = counted(tokens, "output") ?? (operation === "embeddings" ? 0 : undefined);
  if (input === undefined || output === undefined) return undefined;
  const [cacheRead, cacheWrite, reasoning] = (["cacheRead", "cacheWrite", "reasoning"] as const).map(
    (kind) => counted(tokens, kind) ?? 0,
  ) as [number, number, number];
  const cached = cacheRead + cacheWrite;
  const special = tokens.special ?? {};
  const { cacheWriteHour = 0, inputAudio = 0, inputImage = 0, outputAudio = 0, outputImage = 0 } = special;
  const beside = cached > input;
  return {
    // Those that are both sound, say, and from a cache were taken off twice.
    input: Math.max(0, (beside ? input : input - cached) - inputAudio - inputImage),
    cacheRead,
    cacheWrite: Math.max(0, cacheWrite - cacheWriteHour),
    output: Math.max(0, (reasoning > output ? output : output - reasoning) - outputAudio - outputImage),
    reasoning,
    special,
    prompt: beside ? input + cached : input,
  };
}

function counted(tokens: CallTokens, kind: Exclude<keyof CallTokens, "special">): number | undefined {
  const count = tokens[kind];
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function usesCache({ cacheRead, cacheWrite, special }: PricedTokens): boolean {
  return cacheRead + cacheWrite + (special.cacheWriteHour ?? 0) > 0;
}

/** What tokens cost at these rates. */
function costOf(
  rates: Rates,
  tokens: PricedTokens,
  {
    version,
    share = usualPrice,
    discount,
  }: { version: string; share?: TierPrice; discount?: OwnDiscount | undefined },
): Price {
  const { input, output, cacheRead = input, cacheWrite = input, reasoning = output, requests = 0n } = rates;
  if ((output === undefined && tokens.output > 0) || (reasoning === undefined && tokens.reasoning > 0)) {
    return unpriced("not-priced-by-token");
  }
  const special = specialCost(rates, tokens);
  if (special === undefined) return unpriced("no-price-for-special-tokens");
  const of = (rate: Rate | undefined, count: number) => cost(rate, count, tokens.prompt);
  const cached = of(cacheRead, tokens.cacheRead) + of(cacheWrite, tokens.cacheWrite) + special.cached;
  const fresh =
    of(input, tokens.input) +
    of(output, tokens.output) +
    of(reasoning, tokens.reasoning) +
    special.fresh +
    requests * 1_000n;
  const full = fresh * share.fresh + cached * (share.cached ?? share.fresh);
  return {
    costUsd: formatDecimal(divide(full * (discount?.factor ?? 10_000n) * toPlaces, 20_000n), usdPlaces),
    priceVersion: `${version}${share.fresh === 1n ? "/2" : ""}${discount?.version ?? ""}`,
  };
}

/** What tokens with prices of their own cost; undefined where nobody knows. */
function specialCost(
  { input, special }: Rates,
  tokens: PricedTokens,
): { fresh: bigint; cached: bigint } | undefined {
  const sum = { fresh: 0n, cached: 0n };
  for (const [name, count] of Object.entries(tokens.special)) {
    const kind = name as keyof SpecialTokens;
    const rate = special[kind];
    if (rate === undefined) return undefined;
    // Nobody says which of them came from the cache.
    const mixed = (kind === "inputAudio" || kind === "inputImage") && tokens.cacheRead > 0;
    if (mixed && rate !== input) return undefined;
    sum[kind === "cacheWriteHour" ? "cached" : "fresh"] += cost(rate, count, tokens.prompt);
  }
  return sum;
}

function cost(rate: Rate | undefined, count: number, prompt: number): bigint {
  return rate === undefined || count === 0 ? 0n : BigInt(count) * at(rate, prompt);
}

/** From 10^-8 dollars per million to 10^-18 dollars. */
const toPlaces = 10n ** BigInt(usdPlaces - pricePlaces - 6);

/** The price for all tokens of a call whose prompt is this long. */
function at({ base, steps }: Rate, prompt: number): bigint {
  return steps.findLast(({ above }) => prompt > above)?.price ?? base;
}

function isAt({ from, until }: OwnRates | OwnDiscount, time: number): boolean {
  return time >= from && time < until;
}

function notThere(mine: readonly OwnRates[]): NonNullable<Price["unpricedReason"]> {
  return mine.length > 0 ? "no-price-at-that-time" : "unknown-model";
}

function unpriced(unpricedReason: NonNullable<Price["unpricedReason"]>): Price {
  return { costUsd: null, priceVersion: null, unpricedReason };
}
