import type { Budget } from "../../stack/llm/money-schema.js";
import { findAnomalies } from "./anomalies.js";
import { budgetStatuses } from "./budget.js";
import { todayIn } from "./period.js";
import type { Queryable } from "./queryable.js";

/** A gauge of the metric contract, with its series. */
export interface MoneyGauge {
  name: "llm_cost_anomaly_zscore" | "llm_budget_usd" | "llm_budget_spent_usd" | "llm_budget_forecast_usd";
  samples: { labels: Record<string, string>; value: number }[];
}

/**
 * What alerts about money look at, as of now in UTC: how unusual today is by feature and team, where there is enough history
 * to tell, and how budgets stand. A budget without a complete day to go by has no forecast.
 */
export async function moneyGauges(
  client: Queryable,
  {
    budgets,
    hashUser,
    now,
  }: { budgets: Readonly<Record<string, Budget>>; hashUser: (id: string) => string; now: Date },
): Promise<MoneyGauge[]> {
  const timeZone = "UTC";
  const today = todayIn(timeZone, now);
  const anomalies = await findAnomalies(client, today, { timeZone });
  const statuses = await budgetStatuses(client, budgets, { today, timeZone, hashUser });
  const ofBudgets = (read: (status: (typeof statuses)[number]) => string | undefined) =>
    statuses.flatMap((status) => {
      const usd = read(status);
      return usd === undefined
        ? []
        : [{ labels: { budget: status.name, scope: status.scope }, value: Number(usd) }];
    });
  return [
    {
      name: "llm_cost_anomaly_zscore",
      samples: anomalies.flatMap(({ feature, team, zScore }) =>
        zScore === null ? [] : [{ labels: { feature, team }, value: zScore }],
      ),
    },
    { name: "llm_budget_usd", samples: ofBudgets(({ budgetUsd }) => budgetUsd) },
    { name: "llm_budget_spent_usd", samples: ofBudgets(({ spentUsd }) => spentUsd) },
    { name: "llm_budget_forecast_usd", samples: ofBudgets(({ forecast }) => forecast?.usd) },
  ];
}
