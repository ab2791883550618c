/** What a service tier costs, in halves of the usual price: 1n or 2n. */
export interface TierPrice {
  fresh: bigint;
  /** Of tokens read from and written to a cache; undefined where nobody says whether both discounts are given at once. */
  cached: bigint | undefined;
}

const whole = 2n;
const half = 1n;

/** What is paid where nothing special was asked for. */
export const usualPrice: TierPrice = { fresh: whole, cached: whole };

/**
 * By provider (as the published prices name it) and tier, by their documentation of November 2026; the published tables
 * have the usual prices only. What is missing costs something else, or nobody says what: priority processing above all.
 */
const published: Readonly<Record<string, Readonly<Record<string, TierPrice>>>> = {
  // "50% of the standard API prices", caching included: https://platform.claude.com/docs/en/build-with-claude/batch-processing
  anthropic: { batch: { fresh: half, cached: half } },
  // https://docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html
  aws: { batch: { fresh: half, cached: undefined } },
  // Of global deployments, whose usual prices the tables have: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch
  azure: { batch: { fresh: half, cached: undefined } },
  google: {
    // The discount of the cache is given alone:
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini
    batch: { fresh: half, cached: whole },
    // https://ai.google.dev/gemini-api/docs/optimization
    flex: { fresh: half, cached: undefined },
  },
  groq: {
    batch: { fresh: half, cached: undefined },
    // As on demand: https://console.groq.com/docs/flex-processing
    flex: usualPrice,
  },
  mistral: { batch: { fresh: half, cached: undefined } },
  openai: {
    // https://platform.openai.com/docs/api-reference/batch
    batch: { fresh: half, cached: undefined },
    // As batches, and caching comes on top: https://developers.openai.com/api/docs/guides/flex-processing
    flex: { fresh: half, cached: half },
  },
};

/** Senders may call a provider or a tier `constructor`. */
const tiers = new Map(Object.entries(published).map(([id, own]) => [id, new Map(Object.entries(own))]));

/** What a tier costs for calls that use a cache, or don't; undefined where nobody says. */
export function tierPrice(
  provider: string | undefined,
  tier: string,
  usesCache: boolean,
): TierPrice | undefined {
  const found = tiers.get(provider ?? "")?.get(tier);
  return usesCache && found?.cached === undefined ? undefined : found;
}
