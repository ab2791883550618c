/** Tokens of a call by what is paid for them apart. Whole numbers; null where the sender said nothing. */
export interface CallTokens {
  /** All of the prompt, those read from and written to a cache among them. */
  input: number | null;
  /** All of the answer, those of reasoning among them. */
  output: number | null;
  /** Of the input: had by the provider in its cache. */
  cacheRead: number | null;
  /** Of the input: put by the provider into its cache. */
  cacheWrite: number | null;
  /** Of the output: went into reasoning. */
  reasoning: number | null;
  /** What few calls have; missing: none that anybody told of. */
  special?: SpecialTokens;
}

/** Tokens within the other counts that may have another price than those. */
export const specialTokens = [
  /** Of those written to a cache: kept there for an hour, not for minutes. */
  "cacheWriteHour",
  /** Of the input. */
  "inputAudio",
  "inputImage",
  /** Of the output. */
  "outputAudio",
  "outputImage",
] as const;

/** See {@link specialTokens}. */
export type SpecialTokens = Partial<Record<(typeof specialTokens)[number], number>>;

/** What the price of a call depends on, besides its time. */
export interface PriceableCall {
  operation: "chat" | "generate_content" | "text_completion" | "embeddings";
  /** By its name in `llm/semconv.ts`, or in the sender's words; null where unknown. */
  provider: string | null;
  /** The model that was asked, as the sender named it. */
  requestModel: string | null;
  /** The model that answered, often with its date; null where the call failed before, or nobody said. */
  responseModel: string | null;
  /** `default`, `flex`, `priority`, `batch`, …; null where nobody said. */
  serviceTier: string | null;
  tokens: CallTokens;
}

/** What a call costs. */
export interface Price {
  /**
   * US dollars, exact, as decimal digits (`"0.00000013"`, never an exponent), of at most 18 places: store it in a numeric
   * without a scale. Null where no price is known.
   */
  costUsd: string | null;
  /** Where the price came from, so that it can be followed up later; null where no price is known. */
  priceVersion: string | null;
  /** Why there is no price. */
  unpricedReason?:
    | "unknown-model"
    | "no-tokens"
    | "no-price-at-that-time"
    /** The model is known, but not what this service tier of it costs. */
    | "no-price-for-service-tier"
    /** It is known what text costs, but not these audio, images, or an hour in the cache. */
    | "no-price-for-special-tokens"
    /** It costs by the hour, page or image, or it is listed without a price. */
    | "not-priced-by-token";
}

/** The price of a call at the time it was made. Pure; never throws. */
export type PriceCall = (call: PriceableCall, at: Date) => Price;
