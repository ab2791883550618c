import { DashboardBuilder, QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids, defineStack } from "obs-stack";
import { logql, plainPanel, sql } from "obs-stack/dashboards";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const panel = (title: string, expr: string) =>
  new PanelBuilder()
    .title(title)
    .unit("reqps")
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));
const logs = (title: string, expr: string) =>
  plainPanel("timeseries", { title, unit: "short", queries: [logql(expr)] });
const money = (title: string, columns: string, rest: string) =>
  plainPanel("table", {
    title,
    queries: [{ ...sql(`SELECT ${columns} FROM llm_usage WHERE $__timeFilter(started_at) ${rest}`), format: "table" }],
  });
const lines = 'count_over_time({service_name="api"} | json [$__auto])';
// Applications may send any label.
const rate = 'rate(http_server_request_duration_seconds_count{job="shop/api"}[$__rate_interval])';

export default defineStack({
  name: "shop",
  llm: { ledger: { enabled: true } },
  dashboards: [
    new DashboardBuilder("Groups")
      .uid("groups")
      .withVariable(
        new QueryVariableBuilder("user")
          .datasource(prometheus)
          .query({ query: "label_values(http_server_active_requests, user_id)", refId: "user" }),
      )
      .withPanel(panel("By user", `sum by (user_id) (${rate})`))
      .withPanel(panel("By session within", `max by (session_id, http_route) (sum by (session_id, http_route) (${rate}))`))
      .withPanel(panel("The largest", `topk(10, sum by (user_id) (${rate}))`))
      .withPanel(panel("How many", `count(sum by (user_id) (${rate}))`))
      .withPanel(panel("Summed up again", `sum without (user_id) (sum by (user_id, http_route) (${rate}))`))
      .withPanel(panel("By route", `sum by (http_route) (${rate})`))
      .withPanel(logs("Lines by user", `sum by (user_id) (${lines})`))
      .withPanel(logs("Most lines", `topk(10, sum by (user_id) (${lines}))`))
      .withPanel(logs("Lines by level", `sum by (level) (${lines})`))
      .withPanel(money("Cost by user", "user_id, sum(cost_usd)", "GROUP BY user_id"))
      .withPanel(money("Cost by session", "llm_usage.session_id, sum(cost_usd)", "GROUP BY 1"))
      .withPanel(money("Dearest users", "user_id, sum(cost_usd)", "GROUP BY 1 ORDER BY 2 DESC LIMIT 10"))
      .withPanel(money("Cost by model", "model, sum(cost_usd)", "GROUP BY model"))
      .build(),
  ],
});
