import { DashboardBuilder, QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids, defineStack } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const panel = (title: string, expr: string) =>
  new PanelBuilder()
    .title(title)
    .unit("reqps")
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));
// Applications may send any label.
const rate = 'rate(http_server_request_duration_seconds_count{job="shop/api"}[$__rate_interval])';

export default defineStack({
  name: "shop",
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
      .build(),
  ],
});
