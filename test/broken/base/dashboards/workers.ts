import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";

const prometheus = { type: "prometheus", uid: "prometheus" };

export const workers = new DashboardBuilder("Workers")
  .uid("workers")
  .tags(["shop"])
  .withVariable(
    new QueryVariableBuilder("queue")
      .datasource(prometheus)
      .query({ query: "label_values(worker_queue_length, queue)", refId: "queue" } as never),
  )
  .withVariable(new DatasourceVariableBuilder("books").type("grafana-postgresql-datasource"))
  .withPanel(
    new TablePanel()
      .title("Paid")
      .datasource({ type: "grafana-postgresql-datasource", uid: "${books}" })
      .withTarget({
        build: () => ({
          refId: "A",
          format: "table",
          rawSql: "SELECT queue, sum(paid) AS paid FROM bills WHERE $__timeFilter(paid_at) GROUP BY queue",
        }),
      } as never),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Waiting")
      .unit("short")
      .datasource(prometheus)
      .withTarget(
        new DataqueryBuilder()
          .datasource(prometheus)
          .refId("A")
          .expr('sum by (queue) (worker_queue_length{queue=~"$queue"})'),
      ),
  )
  .withPanel(
    new TimeseriesPanel()
      .title("Done per second")
      .unit("ops")
      .datasource(prometheus)
      .withTarget(
        new DataqueryBuilder()
          .datasource(prometheus)
          .refId("A")
          .expr('queue:worker_jobs:rate10m{queue=~"$queue"}'),
      ),
  )
  .build();
