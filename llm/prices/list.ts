import { formatDecimal, pricePlaces } from "./decimal.js";
import { type PublishedProvider, publishedSource, type Rate, type Rates } from "./published.js";
import { ownRates, type PriceSettings } from "./settings.js";

/** A price in force. Amounts are US dollars per million tokens, as decimal digits; null where there is none apart. */
export interface ListedPrice {
  provider: string;
  model: string;
  serviceTier: string | null;
  input: string | null;
  output: string | null;
  cacheRead: string | null;
  cacheWrite: string | null;
  reasoning: string | null;
  /** Day since when, where it is known. */
  since: string | null;
  /** What applies besides: other prices for long prompts, a price for each request, or that there is none by the token. */
  note: string | null;
  /** `obs.config.ts`, or the package with its version. */
  source: string;
}

/** Prices that hold at a time, own ones first; of models whose name holds a text, where it is given. */
export function pricesInForce(
  published: ReadonlyMap<string, PublishedProvider>,
  { prices }: PriceSettings,
  at: Date,
  named = "",
): ListedPrice[] {
  const wanted = named.toLowerCase();
  const fits = (provider: string, model: string) => `${provider}/${model}`.toLowerCase().includes(wanted);
  const own = prices
    .map((price) => ({ price, ...ownRates(price) }))
    .filter(({ from, until }) => at.getTime() >= from && at.getTime() < until)
    .filter(({ price, isFor }) => fits(price.provider ?? "*", price.model) || isFor(null, [wanted]))
    .map(({ price, rates }) => ({
      provider: price.provider ?? "*",
      model: price.model,
      serviceTier: price.serviceTier ?? null,
      ...amounts(rates),
      since: price.from ?? null,
      source: "obs.config.ts",
    }));
  const theirs = [...published.values()].flatMap(({ id, models }) =>
    models
      .filter((model) => fits(id, model.id) || model.matches(wanted))
      .map((model) => {
        const period = model.periods.findLast(({ holds }) => holds(at))!;
        return {
          provider: id,
          model: model.id,
          serviceTier: null,
          ...amounts(period.rates),
          since: period.since,
          source: publishedSource,
        };
      }),
  );
  return [...own, ...theirs];
}

function amounts(rates: Rates | null) {
  if (!rates) {
    return {
      input: null,
      output: null,
      cacheRead: null,
      cacheWrite: null,
      reasoning: null,
      note: "not priced by token",
    };
  }
  const { input, output, cacheRead, cacheWrite, reasoning, requests } = rates;
  const steps = input.steps.map(({ above, price }) => `input ${dollars(price)} above ${above} tokens`);
  const perCall = requests === undefined ? [] : [`${dollars(requests)} per 1000 requests`];
  return {
    input: base(input),
    output: base(output),
    cacheRead: base(cacheRead),
    cacheWrite: base(cacheWrite),
    reasoning: base(reasoning),
    note: [...steps, ...perCall].join(", ") || null,
  };
}

function base(rate: Rate | undefined): string | null {
  return rate === undefined ? null : dollars(rate.base);
}

function dollars(price: bigint): string {
  return formatDecimal(price, pricePlaces);
}
