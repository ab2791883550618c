import type { Period } from "./period.js";

/** Which calls are meant. Days are those of the time zone. */
export interface Scope {
  timeZone: string;
  team?: string;
  feature?: string;
  /** As it stands in the ledger: hashed. */
  user?: string;
}

/** What costs are told apart by. */
export const dimensions = ["feature", "team", "user", "model", "provider", "day", "service"] as const;

/** See {@link dimensions}. */
export type Dimension = (typeof dimensions)[number];

/** Columns of {@link usageSql} by dimension. */
export const dimensionColumns: Readonly<Record<Dimension, string>> = {
  feature: "feature",
  team: "team_id",
  user: "user_id",
  model: "model",
  provider: "provider",
  day: "day",
  service: "service",
};

/** Collects the values of a query, and hands out their places: `$1`. */
export interface Parameters {
  values: unknown[];
  add(value: unknown): string;
}

export function parameters(): Parameters {
  const values: unknown[] = [];
  return {
    values,
    add(value) {
      values.push(value);
      return `$${values.length}`;
    },
  };
}

const sums = ["calls", "errors", "unpriced_calls", "total_tokens", "cost_usd"];

/**
 * A query of all usage of some periods, in parentheses: the columns asked for, and calls, errors, unpriced_calls,
 * total_tokens, cost_usd. From a roll-up by days where one has it, and they are days of UTC; else from the calls
 * themselves, which takes longer.
 */
export function usageSql(
  params: Parameters,
  { timeZone, team, feature, user }: Scope,
  periods: readonly Period[],
  columns: readonly string[],
): string {
  const needsUser = user !== undefined || columns.includes("user_id");
  const withinUsers = columns.every((name) => ["day", "user_id", "team_id", "feature"].includes(name));
  const table =
    timeZone !== "UTC" || (needsUser && !withinUsers)
      ? undefined
      : needsUser
        ? "llm_usage_daily_users"
        : "llm_usage_daily";
  const selected = [...new Set([...columns, "day"])];
  const owners = Object.entries({ team_id: team, feature, user_id: user }).filter(
    ([, value]) => value !== undefined,
  );
  if (table) {
    const where = [
      `(${periods.map(({ from, to }) => `day BETWEEN ${params.add(from)}::date AND ${params.add(to)}::date`).join(" OR ")})`,
      ...owners.map(([name, value]) => `${name} = ${params.add(value)}::text`),
    ];
    return `(SELECT ${[...selected, ...sums].join(", ")} FROM ${table} WHERE ${where.join(" AND ")})`;
  }
  const zone = `${params.add(timeZone)}::text`;
  const where = [
    `(${periods
      .map(
        ({ from, to }) =>
          `("timestamp" >= ${params.add(from)}::date::timestamp AT TIME ZONE ${zone} AND "timestamp" < (${params.add(to)}::date + 1)::timestamp AT TIME ZONE ${zone})`,
      )
      .join(" OR ")})`,
    // As in the roll-ups: nobody named is 'unattributed'.
    ...owners.map(([name, value]) => `coalesce(${name}, 'unattributed') = ${params.add(value)}::text`),
  ];
  return `(SELECT ${[
    ...selected.map((name) => `${rawColumn(name, zone)} AS ${name}`),
    "1 AS calls",
    "(status = 'error')::int AS errors",
    "(cost_usd IS NULL AND total_tokens > 0)::int AS unpriced_calls",
    "coalesce(total_tokens, 0) AS total_tokens",
    "coalesce(cost_usd, 0) AS cost_usd",
  ].join(", ")} FROM llm_usage WHERE ${where.join(" AND ")})`;
}

/** The same names for what nobody named as in the roll-ups. */
function rawColumn(name: string, zone: string): string {
  if (name === "day") return `("timestamp" AT TIME ZONE ${zone})::date`;
  if (name === "model") return "coalesce(model, response_model, 'unknown')";
  if (name === "provider") return "coalesce(provider, 'unknown')";
  return `coalesce(${name}, 'unattributed')`;
}
