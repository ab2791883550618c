import { dataSourceUids, defineStack } from "obs-stack";
import { CustomVariableBuilder, DashboardBuilder, QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const logs = (title: string, expr: string) =>
  new PanelBuilder()
    .title(title)
    .datasource({ type: "loki", uid: dataSourceUids.loki })
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));
const panel = (title: string, expr: string) =>
  new PanelBuilder()
    .title(title)
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Queries")
      .uid("queries")
      .withVariable(new CustomVariableBuilder("quantile").values("0.5,0.95"))
      .withVariable(new QueryVariableBuilder("job").datasource(prometheus).query("label_values(up, job)"))
      .withVariable(new QueryVariableBuilder("broken").datasource(prometheus).query("label_values(up{, job)"))
      .withPanel(panel("Unclosed", 'sum(rate(up{job="$job"}[$__rate_interval])'))
      .withPanel(panel("Of the wrong type", "rate(up)"))
      .withPanel(
        panel(
          "Filled in",
          'histogram_quantile($quantile, sum by (le, $job) (rate(traces_span_metrics_duration_seconds_bucket{job=~"[[job]]"}[${__interval}])))',
        ),
      )
      .withPanel(logs("Unclosed logs", '{service_name="$job" |= "error"'))
      .withPanel(logs("Without a range", 'rate({service_name="$job"})'))
      .withPanel(logs("Filled-in logs", 'sum by ($job) (count_over_time({service_name=~"$job"} | json | status >= 500 [$__auto]))'))
      .build(),
  ],
});
