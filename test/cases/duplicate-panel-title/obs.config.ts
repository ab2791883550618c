import { defineStack } from "obs-stack";
import { DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/text";

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Costs")
      .uid("costs")
      .withPanel(new PanelBuilder().title("About"))
      .withRow(new RowBuilder("More").withPanel(new PanelBuilder().title("About")))
      .withPanel(new PanelBuilder().title(""))
      .withPanel(new PanelBuilder().title(""))
      .build(),
  ],
});
