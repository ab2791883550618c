import { unattributed } from "../semconv.js";
import { amount, compare, percent, text } from "./amount.js";
import { addDays, daysOf, type Period, previousOf } from "./period.js";
import type { Queryable } from "./queryable.js";
import { type Dimension, dimensionColumns, parameters, type Scope, usageSql } from "./usage.js";

/** What calls cost, told apart by one dimension. Amounts are US dollars as exact decimal digits. */
export interface CostReport {
  by: Dimension;
  period: Period;
  previous: Period;
  timeZone: string;
  /** The dearest first; of days, the earliest. */
  rows: CostRow[];
  /** What is not among the rows because only the first were asked for. */
  others: (CostTotal & { count: number }) | null;
  total: CostTotal;
}

export interface CostTotal {
  calls: number;
  errors: number;
  /** Calls with tokens, but without a known price: their cost is missing. */
  unpricedCalls: number;
  tokens: number;
  costUsd: string;
  /** Of the previous period; of a day, of the day before. */
  previousCostUsd: string;
  /** Per cent, one place; null where nothing was spent before. */
  changePercent: number | null;
}

export interface CostRow extends CostTotal {
  /** `unattributed` where nobody was named; of users, a keyed hash. */
  key: string;
  /** Per cent of the total, one place. */
  sharePercent: number;
}

interface Sums {
  key: string;
  calls: string;
  errors: string;
  unpriced_calls: string;
  tokens: string;
  cost: string;
  previous: string;
}

/** Sums of a period by one dimension, against the period before ({@link previousOf}). Summed in SQL, as numeric. */
export async function costsBy(
  client: Queryable,
  by: Dimension,
  period: Period,
  { scope, top }: { scope: Scope; top?: number },
): Promise<CostReport> {
  const previous =
    by === "day" ? { from: addDays(period.from, -1), to: addDays(period.from, -1) } : previousOf(period);
  const found = await sumsBy(client, by, period, previous, scope);
  const all = by === "day" ? ofDays(found, period) : found;
  const total = totalOf(
    by === "day"
      ? { ...plus(all), previous: plus(await sumsBy(client, by, previousOf(period), null, scope)).cost }
      : plus(all),
  );
  // Days stay in their order.
  const dearest = new Set(
    all.toSorted((one, other) => compare(amount(other.cost), amount(one.cost))).slice(0, top),
  );
  const shown = all.filter((each) => dearest.has(each));
  const rest = all.filter((each) => !dearest.has(each));
  return {
    by,
    period,
    previous: previousOf(period),
    timeZone: scope.timeZone,
    rows: shown.map((sums) => ({
      key: sums.key,
      ...totalOf(sums),
      sharePercent: percent(amount(sums.cost), amount(total.costUsd)) ?? 0,
    })),
    others: rest.length > 0 ? { count: rest.length, ...totalOf(plus(rest)) } : null,
    total,
  };
}

/** Whether nobody was named. */
export function isUnattributed({ key }: CostRow): boolean {
  return key === unattributed;
}

async function sumsBy(
  client: Queryable,
  by: Dimension,
  period: Period,
  previous: Period | null,
  scope: Scope,
): Promise<Sums[]> {
  const params = parameters();
  const column = dimensionColumns[by];
  const usage = usageSql(params, scope, previous ? [period, previous] : [period], [column]);
  const now = `FILTER (WHERE day BETWEEN ${params.add(period.from)}::date AND ${params.add(period.to)}::date)`;
  const before = previous
    ? `FILTER (WHERE day BETWEEN ${params.add(previous.from)}::date AND ${params.add(previous.to)}::date)`
    : "FILTER (WHERE false)";
  const { rows } = await client.query<Sums>(
    `SELECT ${column}::text AS key,
       coalesce(sum(calls) ${now}, 0) AS calls, coalesce(sum(errors) ${now}, 0) AS errors,
       coalesce(sum(unpriced_calls) ${now}, 0) AS unpriced_calls, coalesce(sum(total_tokens) ${now}, 0) AS tokens,
       trim_scale(coalesce(sum(cost_usd) ${now}, 0)) AS cost, trim_scale(coalesce(sum(cost_usd) ${before}, 0)) AS previous
     FROM ${usage} AS usage GROUP BY ${column}
     ORDER BY coalesce(sum(cost_usd) ${now}, 0) DESC, coalesce(sum(calls) ${now}, 0) DESC, ${column}::text COLLATE "C"`,
    params.values,
  );
  return rows;
}

/** Every day of the period, those without calls too, each with the cost of the day before. */
function ofDays(found: readonly Sums[], period: Period): Sums[] {
  const byDay = new Map(found.map((sums) => [sums.key, sums]));
  const first = byDay.get(addDays(period.from, -1));
  const costOf = (day: string) => (day < period.from ? first?.previous : byDay.get(day)?.cost) ?? "0";
  return daysOf(period).map((day) => ({
    ...nothing,
    ...byDay.get(day),
    key: day,
    previous: costOf(addDays(day, -1)),
  }));
}

const nothing: Sums = {
  key: "",
  calls: "0",
  errors: "0",
  unpriced_calls: "0",
  tokens: "0",
  cost: "0",
  previous: "0",
};

function plus(all: readonly Sums[]): Sums {
  const sum = (of: (sums: Sums) => string) => all.reduce((total, each) => total + amount(of(each)), 0n);
  const count = (of: (sums: Sums) => string) => String(sum(of) / amount("1"));
  return {
    key: "",
    calls: count((each) => each.calls),
    errors: count((each) => each.errors),
    unpriced_calls: count((each) => each.unpriced_calls),
    tokens: count((each) => each.tokens),
    cost: text(sum((each) => each.cost)),
    previous: text(sum((each) => each.previous)),
  };
}

function totalOf({ calls, errors, unpriced_calls, tokens, cost, previous }: Sums): CostTotal {
  return {
    calls: Number(calls),
    errors: Number(errors),
    unpricedCalls: Number(unpriced_calls),
    tokens: Number(tokens),
    costUsd: cost,
    previousCostUsd: previous,
    changePercent: percent(amount(cost) - amount(previous), amount(previous)),
  };
}
