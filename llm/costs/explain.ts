import { divide } from "../prices/decimal.js";
import { amount, compare, text } from "./amount.js";
import { groupedBy } from "./grouped.js";
import { type Period, previousOf } from "./period.js";
import type { Queryable } from "./queryable.js";
import { parameters, type Scope, usageSql } from "./usage.js";

/** Usage of one model in the period before and in the one that is explained. */
export interface ModelUsage {
  model: string;
  calls: readonly [before: bigint, now: bigint];
  tokens: readonly [before: bigint, now: bigint];
  /** In 10^-18 US dollars. */
  cost: readonly [before: bigint, now: bigint];
}

/** What made costs change. Amounts are US dollars as exact decimal digits; the four effects add up to the change. */
export interface Explanation {
  period: Period;
  previous: Period;
  beforeUsd: string;
  nowUsd: string;
  changeUsd: string;
  effects: Record<Factor, string>;
  /** The models whose cost changed most, first. */
  models: {
    model: string;
    beforeUsd: string;
    nowUsd: string;
    changeUsd: string;
    calls: [before: number, now: number];
    tokensPerCall: [before: number, now: number];
  }[];
  /** Calls with tokens but no price, in both periods: what they cost is in none of the numbers. */
  unpricedCalls: number;
}

/** Number of calls; share of each model in them; tokens of a call; what a token of the model costs on the average. */
export const factors = ["volume", "mix", "tokens", "price"] as const;

/** See {@link factors}. */
export type Factor = (typeof factors)[number];

/**
 * Splits the change of costs into the effects of four factors, exactly. Costs are a sum over models m of
 *
 *     N · (n_m / N) · (T_m / n_m) · (C_m / T_m)      calls · share of the model · tokens per call · price per token
 *
 * and the effect of a factor is its Shapley value: what changes when it moves from its value before to that of now, averaged
 * over all 24 orders in which the four may move. No order is preferred, and nothing is left over. Source: J. Sun, "Changes
 * in energy consumption and energy intensity: a complete decomposition model", Energy Economics 20 (1998) 85-100, which is
 * Shapley's value (1953), as compared in B. W. Ang, "Decomposition analysis for policymaking in energy", Energy Policy 32
 * (2004) 1131-1139.
 *
 * A model that was used in one period only has the other's tokens per call and price in both, so it is a matter of mix. A
 * period without any call has the other's mix. Prices per token also move when a model's tokens shift between input,
 * output and cache. Fractions are exact; the rounding of the effects to 18 places is taken up by the price.
 */
export function decompose(usages: readonly ModelUsage[]): Record<Factor, bigint> {
  const total = [sum(usages, 0), sum(usages, 1)] as const;
  const effects: Record<Factor, bigint> = { volume: 0n, mix: 0n, tokens: 0n, price: 0n };
  for (const usage of usages) {
    const values = factorsOf(usage, total);
    for (const [at, factor] of factors.entries()) {
      let effect = zero;
      for (let others = 0; others < 2 ** factors.length; others++) {
        if (others & (1 << at)) continue;
        const moved = bits(others);
        const weight = fraction(factorial(moved) * factorial(3n - moved), 24n);
        const step = minus(product(values, others | (1 << at)), product(values, others));
        effect = add(effect, times(weight, step));
      }
      // Denominators of many models would grow without end.
      effects[factor] += divide(effect.over * finer, effect.under);
    }
  }
  const [volume, mix, tokens] = [effects.volume, effects.mix, effects.tokens].map((effect) =>
    divide(effect, finer),
  ) as [bigint, bigint, bigint];
  const change = usages.reduce((all, { cost }) => all + cost[1] - cost[0], 0n);
  return { volume, mix, tokens, price: change - volume - mix - tokens };
}

/** Places behind those of amounts in which effects are summed. */
const finer = 10n ** 12n;

/** Explains the change of costs of a period against the one before ({@link previousOf}). */
export async function explainChange(client: Queryable, period: Period, scope: Scope): Promise<Explanation> {
  const previous = previousOf(period);
  const params = parameters();
  const usage = usageSql(params, scope, [previous, period], ["model", "provider"]);
  const now = `(day BETWEEN ${params.add(period.from)}::date AND ${params.add(period.to)}::date)`;
  const { rows } = await client.query<
    Record<"model" | "calls" | "tokens" | "cost" | "unpriced", string> & { now: boolean }
  >(
    `SELECT provider || '/' || model AS model, ${now} AS now, sum(calls) AS calls, sum(total_tokens) AS tokens,
       trim_scale(sum(cost_usd)) AS cost, sum(unpriced_calls) AS unpriced
     FROM ${usage} AS usage GROUP BY 1, 2 ORDER BY (provider || '/' || model) COLLATE "C"`,
    params.values,
  );
  const usages = [...groupedBy(rows, ({ model }) => model)].map(([model, both]): ModelUsage => {
    const pair = (read: (row: (typeof rows)[number]) => bigint) =>
      [false, true].map((which) => {
        const row = both.find((each) => each.now === which);
        return row ? read(row) : 0n;
      }) as unknown as readonly [bigint, bigint];
    return {
      model,
      calls: pair(({ calls }) => BigInt(calls)),
      tokens: pair(({ tokens }) => BigInt(tokens)),
      cost: pair(({ cost }) => amount(cost)),
    };
  });
  const costs = [0, 1].map((at) => usages.reduce((all, { cost }) => all + cost[at]!, 0n)) as [bigint, bigint];
  const effects = decompose(usages);
  return {
    period,
    previous,
    beforeUsd: text(costs[0]),
    nowUsd: text(costs[1]),
    changeUsd: text(costs[1] - costs[0]),
    effects: Object.fromEntries(factors.map((factor) => [factor, text(effects[factor])])) as Record<
      Factor,
      string
    >,
    models: usages
      .toSorted((one, other) => compare(size(other), size(one)))
      .map(({ model, calls, tokens, cost }) => ({
        model,
        beforeUsd: text(cost[0]),
        nowUsd: text(cost[1]),
        changeUsd: text(cost[1] - cost[0]),
        calls: [Number(calls[0]), Number(calls[1])],
        tokensPerCall: [perCall(tokens[0], calls[0]), perCall(tokens[1], calls[1])],
      })),
    unpricedCalls: rows.reduce((all, { unpriced }) => all + Number(unpriced), 0),
  };
}

/** The four factors of a model, before and now. */
function factorsOf(usage: ModelUsage, total: readonly [bigint, bigint]): (readonly [Fraction, Fraction])[] {
  const { calls, cost } = usage;
  // Calls that cost without tokens, by the request: each counts as one.
  const tokens = [0, 1].map((at) => usage.tokens[at] || calls[at]!) as [bigint, bigint];
  return [
    [fraction(total[0], 1n), fraction(total[1], 1n)],
    ratios(calls, total),
    ratios(tokens, calls),
    ratios(cost, tokens),
  ];
}

/** Where there is nothing to divide by, the other period's. */
function ratios(
  over: readonly [bigint, bigint],
  under: readonly [bigint, bigint],
): readonly [Fraction, Fraction] {
  const [before, now] = [0, 1].map((at) => (under[at] === 0n ? undefined : fraction(over[at]!, under[at]!)));
  return [before ?? now ?? zero, now ?? before ?? zero];
}

/** The product of the factors, those whose bit is set with their value of now. */
function product(values: readonly (readonly [Fraction, Fraction])[], moved: number): Fraction {
  return values.reduce((all, pair, at) => times(all, pair[moved & (1 << at) ? 1 : 0]!), fraction(1n, 1n));
}

function sum(usages: readonly ModelUsage[], at: 0 | 1): bigint {
  return usages.reduce((all, { calls }) => all + calls[at], 0n);
}

function bits(set: number): bigint {
  return BigInt([...set.toString(2)].filter((digit) => digit === "1").length);
}

function factorial(number: bigint): bigint {
  return number <= 1n ? 1n : number * factorial(number - 1n);
}

interface Fraction {
  over: bigint;
  under: bigint;
}

const zero: Fraction = { over: 0n, under: 1n };

/** In lowest terms, with a positive denominator. */
function fraction(over: bigint, under: bigint): Fraction {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? zero : { over: over / a, under: under / a };
}

function add(one: Fraction, other: Fraction): Fraction {
  return fraction(one.over * other.under + other.over * one.under, one.under * other.under);
}

function minus(one: Fraction, other: Fraction): Fraction {
  return add(one, { over: -other.over, under: other.under });
}

function times(one: Fraction, other: Fraction): Fraction {
  return fraction(one.over * other.over, one.under * other.under);
}

function perCall(tokens: bigint, calls: bigint): number {
  return calls === 0n ? 0 : Number(divide(tokens, calls));
}

function size({ cost }: ModelUsage): bigint {
  const change = cost[1] - cost[0];
  return change < 0n ? -change : change;
}
