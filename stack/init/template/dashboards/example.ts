import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };

const query = (expr: string, legend: string) =>
  new DataqueryBuilder().datasource(prometheus).expr(expr).legendFormat(legend);

/** What comes in, and whether everything answers. Add panels here; `obs up` brings them into Grafana. */
export const overview = new DashboardBuilder("Overview")
  .uid("overview")
  .tags(["my-stack"])
  .refresh("30s")
  .time({ from: "now-1h", to: "now" })
  .timezone("browser")
  .withPanel(
    new StatPanel()
      .title("Scrape targets down")
      .description("Programs that Prometheus cannot reach. Not zero: its Targets page says why.")
      .datasource(prometheus)
      .withTarget(query("count(up == 0) or vector(0)", "down"))
      .span(6)
      .height(7),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Spans received per second")
      .description("What your applications send. Flat at zero: check OTEL_EXPORTER_OTLP_ENDPOINT there.")
      .datasource(prometheus)
      .unit("ops")
      .withTarget(
        query("sum by (receiver) (rate(otelcol_receiver_accepted_spans_total[5m]))", "{{receiver}}"),
      )
      .span(18)
      .height(7),
  )
  .build();
