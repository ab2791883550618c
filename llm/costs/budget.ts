import type { Budget } from "../../stack/llm/money-schema.js";
import { writtenDecimal } from "../prices/decimal.js";
import { amount, cents, percent, text } from "./amount.js";
import { deviationOf, historyDays } from "./anomalies.js";
import { addDays, daysIn, daysOf, lastOfMonth } from "./period.js";
import type { Queryable } from "./queryable.js";
import { parameters, type Scope, usageSql } from "./usage.js";

/** How a budget stands. Amounts are US dollars as decimal digits; the forecast, an estimate, in cents. */
export interface BudgetStatus {
  name: string;
  /** Whose it is: `team`, `feature` or `user`. */
  scope: "team" | "feature" | "user";
  of: string;
  budgetUsd: string;
  /** In the month so far. */
  spentUsd: string;
  spentPercent: number;
  /** Calls of the month without a known price: what they cost is in none of the numbers. */
  unpricedCalls: number;
  /** At the end of the month; null where there is no complete day yet to go by. */
  forecast: Forecast | null;
  /** The day on which it is, or will be, used up; null where that isn't in this month. */
  exhaustedOn: string | null;
  verdict: "exceeded" | "at-risk" | "fine";
}

export interface Forecast {
  usd: string;
  /** Within these it ends in 8 of 10 cases. */
  lowUsd: string;
  highUsd: string;
  /** Complete days that it goes by. */
  days: number;
}

/** Of a normal distribution, 80 % lie within so many standard deviations of the mean. */
const within80 = 1.2816;

/** What a day cost, from the first that is gone by up to today, without gaps. */
interface DayCost {
  day: string;
  cost: bigint;
}

/**
 * What a month will have cost: what was spent, and for each day to come the mean of the last complete days. The range
 * takes days as independent and normally distributed, so the deviation grows with the root of their number. Today is no
 * part of the mean; it ends at the mean, or where it is when that is more.
 */
export function forecastMonth(days: readonly DayCost[], today: string): Forecast | null {
  const complete = days.filter(({ day }) => day < today).slice(-historyDays);
  if (complete.length === 0) return null;
  const month = days.filter(({ day }) => day.slice(0, 7) === today.slice(0, 7));
  const sum = complete.reduce((total, { cost }) => total + cost, 0n);
  const mean = sum / BigInt(complete.length);
  const spent = month.reduce((total, { cost }) => total + cost, 0n);
  const now = month.at(-1)?.day === today ? month.at(-1)!.cost : 0n;
  const daysLeft = daysIn({ from: today, to: lastOfMonth(today) }) - 1;
  const expected = spent + (mean > now ? mean - now : 0n) + mean * BigInt(daysLeft);
  const costs = complete.map(({ cost }) => Number(text(cost)));
  const spread = amount(
    (within80 * deviationOf(costs, Number(text(mean))) * Math.sqrt(daysLeft + 1)).toFixed(6),
  );
  const low = expected - spread;
  return {
    usd: cents(expected),
    lowUsd: cents(low > spent ? low : spent),
    highUsd: cents(expected + spread),
    days: complete.length,
  };
}

/** The day on which a budget is, or at the pace of the last complete days will be, used up; null: not in this month. */
export function exhaustedOn(days: readonly DayCost[], today: string, budget: bigint): string | null {
  let left = budget;
  for (const { day, cost } of days) {
    if (day.slice(0, 7) !== today.slice(0, 7)) continue;
    left -= cost;
    if (left <= 0n) return day;
  }
  const complete = days.filter(({ day }) => day < today).slice(-historyDays);
  if (complete.length === 0) return null;
  const mean = complete.reduce((total, { cost }) => total + cost, 0n) / BigInt(complete.length);
  if (mean <= 0n) return null;
  const now = days.at(-1)?.day === today ? days.at(-1)!.cost : 0n;
  const restOfToday = mean > now ? mean - now : 0n;
  const lastDay = lastOfMonth(today);
  for (let day = today; day <= lastDay; day = addDays(day, 1)) {
    left -= day === today ? restOfToday : mean;
    if (left <= 0n) return day;
  }
  return null;
}

/** How every budget stands on a day; `hashUser` makes of a user's id what the ledger holds. */
export async function budgetStatuses(
  client: Queryable,
  budgets: Readonly<Record<string, Budget>>,
  { today, timeZone, hashUser }: { today: string; timeZone: string; hashUser: (id: string) => string },
): Promise<BudgetStatus[]> {
  const statuses: BudgetStatus[] = [];
  for (const [name, budget] of Object.entries(budgets)) {
    const { team, feature, user } = budget;
    const scope = user === undefined ? { timeZone, team, feature } : { timeZone, user: hashUser(user) };
    const { days, unpricedCalls } = await dailyCosts(client, today, scope);
    const limit = amount(
      typeof budget.monthlyUsd === "string" ? budget.monthlyUsd : writtenDecimal(budget.monthlyUsd),
    );
    const spent = days
      .filter(({ day }) => day.slice(0, 7) === today.slice(0, 7))
      .reduce((total, { cost }) => total + cost, 0n);
    const forecast = forecastMonth(days, today);
    statuses.push({
      name,
      scope: team !== undefined ? "team" : feature !== undefined ? "feature" : "user",
      of: (team ?? feature ?? user)!,
      budgetUsd: text(limit),
      spentUsd: text(spent),
      spentPercent: percent(spent, limit) ?? 0,
      unpricedCalls,
      forecast,
      exhaustedOn: exhaustedOn(days, today, limit),
      verdict: spent > limit ? "exceeded" : forecast && amount(forecast.usd) > limit ? "at-risk" : "fine",
    });
  }
  return statuses;
}

/** Of the month so far and of the days before that a forecast goes by, from the first with calls on. */
async function dailyCosts(
  client: Queryable,
  today: string,
  scope: Scope,
): Promise<{ days: DayCost[]; unpricedCalls: number }> {
  const params = parameters();
  const month = `${today.slice(0, 7)}-01`;
  const before = addDays(today, -historyDays);
  const period = { from: before < month ? before : month, to: today };
  const usage = usageSql(params, scope, [period], ["day"]);
  const { rows } = await client.query<{ day: string; cost: string; unpriced: string }>(
    `SELECT day::text, trim_scale(sum(cost_usd)) AS cost, sum(unpriced_calls) AS unpriced
     FROM ${usage} AS usage GROUP BY day ORDER BY day`,
    params.values,
  );
  const first = rows[0]?.day;
  const costs = new Map(rows.map(({ day, cost }) => [day, amount(cost)]));
  return {
    days:
      first === undefined
        ? []
        : daysOf({ from: first, to: today }).map((day) => ({ day, cost: costs.get(day) ?? 0n })),
    unpricedCalls: rows
      .filter(({ day }) => day >= month)
      .reduce((total, { unpriced }) => total + Number(unpriced), 0),
  };
}
