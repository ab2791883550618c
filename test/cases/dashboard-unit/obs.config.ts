import { dataSourceUids, defineStack } from "obs-stack";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const panel = (title: string, unit: string) =>
  new PanelBuilder()
    .title(title)
    .unit(unit)
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr("up"));

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Units")
      .uid("units")
      .withPanel(panel("Misspelt", "percentunits"))
      .withPanel(panel("Made up", "leads per fortnight"))
      .withPanel(
        panel("Set apart", "s").overrideByName("b", [
          { id: "unit", value: "milliseconds" },
          { id: "unit", value: "ms" },
        ]),
      )
      .withPanel(panel("Known", "currencyUSD"))
      .withPanel(panel("Of its own", "suffix: tokens"))
      .build(),
  ],
});
