import { dataSourceUids, defineStack } from "obs-stack";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Logs")
      .uid("logs")
      .withPanel(
        new PanelBuilder().unit("short")
          .title("Lines")
          .datasource({ type: "prometheus", uid: dataSourceUids.loki })
          .withTarget(
            new DataqueryBuilder().refId("A").datasource({ type: "prometheus", uid: dataSourceUids.prometheus }).expr("up"),
          ),
      )
      .build(),
  ],
});
