import { defineStack } from "obs-stack";
import { dashboard, row, sqlTable } from "obs-stack/dashboards";

const dearest = (title: string) =>
  sqlTable({
    title,
    description: "What calls cost.",
    whenRed: "Ask who made them.",
    sql: 'SELECT user_id AS "User", cost_usd AS "Cost" FROM llm_usage WHERE $__timeFilter("timestamp") LIMIT 10',
    values: [{ title: "Cost", unit: "usd" }],
  });

const description = "What do calls cost?";

export default defineStack({
  name: "shop",
  llm: { ledger: { enabled: false } },
  dashboards: [
    dashboard({ uid: "money", title: "Money", description, rows: [row(8, dearest("Dearest calls"))] }),
    dashboard({ uid: "users", title: "Users", description, rows: [row(8, dearest("Dearest users"))] }),
  ],
});
