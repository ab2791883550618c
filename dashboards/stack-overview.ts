import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };

const query = (expr: string, legend: string) =>
  new DataqueryBuilder().datasource(prometheus).expr(expr).legendFormat(legend);

/** Is the stack itself well, and what comes in? */
export const stackOverview = new DashboardBuilder("Stack overview")
  .uid("stack-overview")
  .tags(["obs"])
  .refresh("30s")
  .time({ from: "now-1h", to: "now" })
  .timezone("browser")
  .withPanel(
    new StatPanel()
      .title("Programs that answer")
      .description("Scrape targets of the stack that are up. Less than all: `obs status` says which and why.")
      .datasource(prometheus)
      .withTarget(query("sum(up)", "up"))
      .span(6)
      .height(6),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Spans received per second")
      .description(
        "What applications send, before sampling. Flat at zero: check OTEL_EXPORTER_OTLP_ENDPOINT there.",
      )
      .datasource(prometheus)
      .unit("ops")
      .withTarget(
        query("sum by (receiver) (rate(otelcol_receiver_accepted_spans_total[5m]))", "{{receiver}}"),
      )
      .span(9)
      .height(6),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Requests waiting for a store")
      .description("The collector's queues on disk. Growing: the store named in the legend is slow or away.")
      .datasource(prometheus)
      .unit("short")
      .withTarget(query("sum by (exporter) (otelcol_exporter_queue_size)", "{{exporter}}"))
      .span(9)
      .height(6),
  )
  .build();
