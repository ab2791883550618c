import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as HeatmapPanel } from "@grafana/grafana-foundation-sdk/heatmap";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids, defineStack } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const up = () => new DataqueryBuilder().refId("A").expr("up");
const panel = (title: string) => new PanelBuilder().title(title).datasource(prometheus).withTarget(up());

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Axes")
      .uid("axes")
      .withPanel(panel("Bare"))
      .withPanel(panel("Bare but for one field").overrideByName("a", [{ id: "decimals", value: 2 }]))
      .withPanel(new HeatmapPanel().title("Bare heatmap").datasource(prometheus).withTarget(up()))
      .withPanel(panel("With a unit").unit("s"))
      .withPanel(panel("A bare number, as is meant").unit("none"))
      .withPanel(panel("Of a field").overrideByName("a", [{ id: "unit", value: "s" }]))
      .withPanel(new StatPanel().title("Without an axis").datasource(prometheus).withTarget(up()))
      .build(),
  ],
});
