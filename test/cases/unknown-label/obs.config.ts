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
  alerting: { rules: ["rules.yml"] },
  dashboards: [
    new DashboardBuilder("Queues")
      .uid("queues")
      .withVariable(
        new QueryVariableBuilder("exporter").datasource(prometheus).query("label_values(otelcol_exporter_queue_size, exporters)"),
      )
      .withPanel(panel("Grouped", "sum by (exporters) (otelcol_exporter_queue_size)"))
      .withPanel(panel("Matched", 'otelcol_exporter_queue_size{exporer="$exporter"}'))
      .withPanel(panel("Nothing left out", 'otelcol_exporter_queue_size{kind!="dead"}'))
      .withPanel(panel("Made on the way", 'sum by (kind) (label_replace(otelcol_exporter_queue_size, "kind", "$1", "exporter", "(.*)/.*"))'))
      .withPanel(panel("Of applications", 'sum by (anything) (http_server_request_duration_seconds_count{other="1"})'))
      .build(),
  ],
});
