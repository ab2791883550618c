import { amount, compare } from "./amount.js";
import { groupedBy } from "./grouped.js";
import { addDays } from "./period.js";
import type { Queryable } from "./queryable.js";
import { parameters, type Scope, usageSql } from "./usage.js";

/** Days that a day is compared with: four of each weekday. */
export const historyDays = 28;
/** Fewer days than these say little about what is usual: a judgement. */
const thinDays = 7;
/** Standard deviations from the mean that are an anomaly: the three-sigma rule. */
export const anomalyThreshold = 3;
/** Days that hardly differ make a cent an anomaly: deviations count as at least this share of the mean. A judgement. */
const leastDeviation = 0.05;

/** A day's cost against those before. */
export interface Anomaly {
  feature: string;
  team: string;
  costUsd: string;
  /** US dollars a day; estimates, hence binary numbers. Null without any history. */
  mean: number | null;
  deviation: number | null;
  /** Standard deviations from the mean; null where there is too little to tell. */
  zScore: number | null;
  /** Days of history, from the first one with calls on. */
  days: number;
  verdict: "anomaly" | "usual" | "thin-history" | "new";
}

/** How unusual a day's cost is, given those of the days before it, the first of which had calls. */
export function judgeDay(
  cost: number,
  history: readonly number[],
): Pick<Anomaly, "mean" | "deviation" | "zScore" | "days" | "verdict"> {
  const days = history.length;
  if (days === 0) return { mean: null, deviation: null, zScore: null, days, verdict: "new" };
  const mean = history.reduce((sum, each) => sum + each, 0) / days;
  if (days < thinDays) return { mean, deviation: null, zScore: null, days, verdict: "thin-history" };
  const deviation = deviationOf(history, mean);
  const divisor = Math.max(deviation, leastDeviation * mean);
  // Nothing was spent on any of the days: anything is more than usual, and by no number of deviations.
  if (divisor === 0) return { mean, deviation, zScore: null, days, verdict: cost > 0 ? "anomaly" : "usual" };
  const zScore = (cost - mean) / divisor;
  return {
    mean,
    deviation,
    zScore,
    days,
    verdict: Math.abs(zScore) >= anomalyThreshold ? "anomaly" : "usual",
  };
}

/** Sample standard deviation (divided by n - 1). */
export function deviationOf(values: readonly number[], mean: number): number {
  if (values.length < 2) return 0;
  return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
}

/** Costs of a day by feature and team against the {@link historyDays} before it; the most unusual first. */
export async function findAnomalies(client: Queryable, day: string, scope: Scope): Promise<Anomaly[]> {
  const params = parameters();
  const from = addDays(day, -historyDays);
  const usage = usageSql(params, scope, [{ from, to: day }], ["feature", "team_id", "day"]);
  const { rows } = await client.query<{ feature: string; team: string; day: string; cost: string }>(
    `SELECT feature, team_id AS team, day::text, trim_scale(sum(cost_usd)) AS cost
     FROM ${usage} AS usage GROUP BY feature, team_id, day ORDER BY day`,
    params.values,
  );
  const owners = groupedBy(rows, ({ feature, team }) => JSON.stringify([feature, team]));
  return [...owners.values()]
    .map((days): Anomaly => {
      const costs = new Map(days.map((each) => [each.day, each.cost]));
      const { feature, team, day: first } = days[0]!;
      const history: number[] = [];
      for (let at = first; at < day; at = addDays(at, 1)) history.push(Number(costs.get(at) ?? 0));
      const costUsd = costs.get(day) ?? "0";
      return { feature, team, costUsd, ...judgeDay(Number(costUsd), history) };
    })
    .sort(
      (one, other) =>
        Number(other.verdict === "anomaly") - Number(one.verdict === "anomaly") ||
        Math.abs(other.zScore ?? 0) - Math.abs(one.zScore ?? 0) ||
        compare(amount(other.costUsd), amount(one.costUsd)),
    );
}
