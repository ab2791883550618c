import type { ConditionalPrice, MatchLogic, ModelInfo, ModelPrice, Provider } from "@pydantic/genai-prices";
import { parseDecimal, pricePlaces, writtenDecimal } from "./decimal.js";
import { type SpecialTokens, specialTokens } from "./types.js";

/** Where the published prices come from, as it stands in price versions. The version is that of package.json. */
export const publishedSource = "genai-prices@0.1.8";

/** Published prices of one provider. */
export interface PublishedProvider {
  id: string;
  /** The first whose `matches` holds is the model. */
  models: readonly PublishedModel[];
  /** Other providers whose models it serves at their prices, in order. */
  fallbacks: readonly string[];
  /** Whether a name that isn't its id means it. */
  isCalled: (name: string) => boolean;
  /** Whether a model of this name is its own, where nobody said the provider. */
  owns: (model: string) => boolean;
}

/** Published prices of one model. */
export interface PublishedModel {
  id: string;
  matches: (name: string) => boolean;
  /** The last whose `holds` is true counts. */
  periods: readonly { holds: (at: Date) => boolean; since: string | null; rates: Rates | null }[];
}

/** What a model costs, in 10^-8 US dollars per million tokens; what isn't there costs as its whole. */
export interface Rates {
  input: Rate;
  output?: Rate;
  cacheRead?: Rate;
  cacheWrite?: Rate;
  reasoning?: Rate;
  /** Unlike the others, they cost nobody knows what where they aren't there. */
  special: Partial<Record<keyof SpecialTokens, Rate>>;
  /** For each call beside its tokens, in 10^-8 US dollars per thousand calls. */
  requests?: bigint;
}

/** A price that may be another from so many input tokens on: then it is that of all tokens of the call. */
export interface Rate {
  base: bigint;
  /** From few to many. */
  steps: readonly { above: number; price: bigint }[];
}

/**
 * The price tables of `@pydantic/genai-prices` (MIT), by the provider's id. Only its data: it computes in binary floats.
 * Nothing is fetched: the tables are those of the installed version.
 */
export async function loadPublishedPrices(): Promise<ReadonlyMap<string, PublishedProvider>> {
  const { waitForUpdate } = await import("@pydantic/genai-prices");
  const providers = (await waitForUpdate()) ?? [];
  return new Map(providers.map((provider) => [provider.id, ofProvider(provider)]));
}

function ofProvider(provider: Provider): PublishedProvider {
  return {
    id: provider.id,
    models: provider.models.map(ofModel),
    fallbacks: provider.fallback_model_providers ?? [],
    isCalled: matcher(provider.provider_match),
    owns: matcher(provider.model_match),
  };
}

function ofModel(model: ModelInfo): PublishedModel {
  const list: ConditionalPrice[] = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  return {
    id: model.id,
    matches: matcher(model.match),
    periods: list.map(({ constraint, prices }, at) => ({
      // The first is what held before any other, whenever that began.
      holds: at === 0 || constraint === undefined ? () => true : holding(constraint),
      since: constraint?.type === "start_date" ? constraint.start_date : null,
      rates: ratesOf(model.id, prices),
    })),
  };
}

function holding(constraint: NonNullable<ConditionalPrice["constraint"]>): (at: Date) => boolean {
  if (constraint.type === "start_date") {
    const start = Date.parse(constraint.start_date);
    return (at) => at.getTime() >= start;
  }
  // Times of day are in UTC: `00:30:00Z`. A span may go over midnight.
  const [start, end] = [secondsOf(constraint.start_time), secondsOf(constraint.end_time)];
  return (at) => {
    const now = (at.getTime() % 86_400_000) / 1000;
    return end < start ? now >= start || now < end : now >= start && now < end;
  };
}

function secondsOf(time: string): number {
  return (Date.parse(`1970-01-01T${time.endsWith("Z") ? time : `${time}Z`}`) / 1000) % 86_400;
}

/** Null where the price isn't one per token (transcription by the hour), or nobody knows it (an empty list). */
function ratesOf(id: string, prices: ModelPrice): Rates | null {
  if (Object.keys(prices).length === 0) {
    const special = Object.fromEntries(specialTokens.map((kind) => [kind, free]));
    return id.endsWith(":free") ? { input: free, output: free, special } : null;
  }
  const { input_mtok, output_mtok, cache_read_mtok, cache_write_mtok, output_reasoning_mtok } = prices;
  if (input_mtok === undefined) return null;
  const { requests_kcount } = prices;
  return {
    special: Object.fromEntries(
      specialTokens.flatMap((kind) => {
        const price = prices[specialKeys[kind]];
        return price === undefined ? [] : [[kind, rateOf(price)]];
      }),
    ),
    input: rateOf(input_mtok),
    ...(output_mtok !== undefined && { output: rateOf(output_mtok) }),
    ...(cache_read_mtok !== undefined && { cacheRead: rateOf(cache_read_mtok) }),
    ...(cache_write_mtok !== undefined && { cacheWrite: rateOf(cache_write_mtok) }),
    ...(output_reasoning_mtok !== undefined && { reasoning: rateOf(output_reasoning_mtok) }),
    ...(typeof requests_kcount === "number" && { requests: exact(requests_kcount) }),
  };
}

/** Names of their prices in the tables. */
const specialKeys: Readonly<Record<keyof SpecialTokens, string>> = {
  cacheWriteHour: "cache_write_1h_mtok",
  inputAudio: "input_audio_mtok",
  inputImage: "input_image_mtok",
  outputAudio: "output_audio_mtok",
  outputImage: "output_image_mtok",
};

const free: Rate = { base: 0n, steps: [] };

function rateOf(price: NonNullable<ModelPrice[string]>): Rate {
  if (typeof price === "number") return { base: exact(price), steps: [] };
  const steps = price.tiers.map(({ start, price: above }) => ({ above: start, price: exact(above) }));
  return { base: exact(price.base), steps: steps.sort((one, other) => one.above - other.above) };
}

function exact(price: number): bigint {
  return parseDecimal(writtenDecimal(price), pricePlaces);
}

/** Names are in lower case by then. */
function matcher(logic: MatchLogic | undefined): (name: string) => boolean {
  if (logic === undefined) return () => false;
  if ("or" in logic) {
    const any = logic.or.map(matcher);
    return (name) => any.some((matches) => matches(name));
  }
  if ("and" in logic) {
    const all = logic.and.map(matcher);
    return (name) => all.every((matches) => matches(name));
  }
  if ("regex" in logic) {
    const pattern = new RegExp(logic.regex);
    return (name) => pattern.test(name);
  }
  if ("equals" in logic) return comparing(logic.equals, (name, text) => name === text);
  if ("starts_with" in logic) return comparing(logic.starts_with, (name, text) => name.startsWith(text));
  if ("ends_with" in logic) return comparing(logic.ends_with, (name, text) => name.endsWith(text));
  return comparing(logic.contains, (name, text) => name.includes(text));
}

function comparing(
  text: string,
  compare: (name: string, text: string) => boolean,
): (name: string) => boolean {
  const lower = text.toLowerCase();
  return (name) => compare(name, lower);
}
