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
  grafana: { adminPassword: { secret: "GRAFANA_ADMIN_PASSWORD" } },
  alerting: { rules: ["rules.yml"] },
  dashboards: [
    new DashboardBuilder("Queues")
      .uid("queues")
      .withVariable(
        new QueryVariableBuilder("exporter").datasource(prometheus).query("label_values(otelcol_exporter_queue_sice, exporter)"),
      )
      .withPanel(panel("Misspelt", 'sum by (exporter) (otelcol_exporter_queue_sice{exporter=~"$exporter"})'))
      .withPanel(panel("Of another program", 'loki_build_info{job="prometheus"}'))
      .withPanel(panel("Of a program that is not here", "jaeger_build_info"))
      .withPanel(panel("Over several lines", "sum(\n  rate(\n    prometheus_http_request_total[$__rate_interval]\n  )\n)"))
      .withPanel(panel("Fine", "histogram_quantile(0.9, sum by (le) (rate(traces_span_metrics_duration_seconds_bucket[$__rate_interval])))"))
      .withPanel(panel("By a record", "job:up:sum"))
      .build(),
  ],
});
