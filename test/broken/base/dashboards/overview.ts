import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder as TempoQuery } from "@grafana/grafana-foundation-sdk/tempo";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const loki = { type: "loki", uid: "loki" };
const tempo = { type: "tempo", uid: dataSourceUids.traces };

const query = (expr: string) => new DataqueryBuilder().datasource(prometheus).refId("A").expr(expr);

export const overview = new DashboardBuilder("Overview")
  .uid("overview")
  .tags(["shop"])
  .link(new DashboardLinkBuilder("Workers").type(DashboardLinkType.Link).url("/d/workers/workers"))
  .withPanel(
    new StatPanel()
      .title("Errors")
      .datasource(prometheus)
      .unit("percentunit")
      .withTarget(query("max(job:api_requests:errors_ratio5m)")),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Latency")
      .datasource(prometheus)
      .unit("s")
      .withTarget(
        query(
          "histogram_quantile(0.95, sum by (le, route) (rate(api_request_duration_seconds_bucket[$__rate_interval])))",
        ),
      ),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Error lines")
      .unit("short")
      .datasource(loki)
      .withTarget(
        new LokiQuery()
          .datasource(loki)
          .refId("A")
          .expr('sum by (service_name) (count_over_time({service_name=~".+"} |= "error" [5m]))'),
      ),
  )
  .withPanel(
    new TablePanel()
      .title("Slow traces")
      .datasource(tempo)
      .withTarget(
        new TempoQuery()
          .datasource(tempo)
          .refId("A")
          .query('{ resource.service.name = "api" && duration > 3s && status != error }'),
      ),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Calls of models")
      .unit("reqps")
      .datasource(tempo)
      .withTarget(
        new TempoQuery()
          .datasource(tempo)
          .refId("A")
          .query("{ span.gen_ai.operation.name != nil } | rate() by (span.gen_ai.request.model)"),
      ),
  )
  .build();
