import { dataSourceUids, defineStack } from "obs-stack";

import { DashboardBuilder, DatasourceVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const panel = (title: string, uid: string) =>
  new PanelBuilder().unit("short").title(title).datasource({ uid }).withTarget(new DataqueryBuilder().expr("up"));

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Costs")
      .uid("costs")
      .withVariable(new DatasourceVariableBuilder("source").type("prometheus"))
      .withPanel(panel("Per hour", "promethues"))
      .withPanel(panel("Per team", "promethues"))
      .withPanel(panel("Invoices", "billing-db"))
      .withPanel(panel("Fine", dataSourceUids.prometheus))
      .withPanel(panel("By variable", "${source}"))
      .withPanel(panel("Mixed", "-- Mixed --"))
      .build(),
  ],
});
