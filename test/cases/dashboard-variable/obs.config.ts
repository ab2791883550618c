import { dataSourceUids, defineStack } from "obs-stack";
import { DashboardBuilder, QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const panel = (title: string, expr: string) =>
  new PanelBuilder().unit("short")
    .title(title)
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Services")
      .uid("services")
      .withVariable(new QueryVariableBuilder("job").datasource(prometheus).query("label_values(up, job)"))
      .withVariable(new QueryVariableBuilder("pod").datasource(prometheus).query('label_values(up{job="$cluster"}, instance)'))
      .withVariable(new QueryVariableBuilder("cluster").datasource(prometheus).query('label_values(up{instance=~"$pod"}, job)'))
      .withVariable(new QueryVariableBuilder("team").datasource(prometheus).query('label_values(up{job=~"$team"}, job)'))
      .withVariable(new QueryVariableBuilder("job").datasource(prometheus).query("label_values(up, instance)"))
      .withPanel(panel("Up", 'up{job="$jbo"}'))
      .withPanel(panel("In $region", 'up{job="${job:regex}"}'))
      .withPanel(panel("Scraped", "avg_over_time(up[$__rate_interval])"))
      .build(),
  ],
});
