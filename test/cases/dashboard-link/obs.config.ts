import { defineStack } from "obs-stack";
import { DashboardBuilder, DashboardLinkType, DashboardLinkBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/text";

export default defineStack({
  name: "shop",
  dashboards: [
    new DashboardBuilder("Costs")
      .uid("costs")
      .tags(["llm"])
      .link(new DashboardLinkBuilder("Agents").url("/d/agent/agents"))
      .link(new DashboardLinkBuilder("Elsewhere").url("https://example.org/d/other"))
      .link(new DashboardLinkBuilder("All").type(DashboardLinkType.Dashboards).tags(["llm"]))
      .link(new DashboardLinkBuilder("None").type(DashboardLinkType.Dashboards).tags(["gateway"]))
      .withPanel(new PanelBuilder().title("About").links([new DashboardLinkBuilder("Latency").url("/d/latency?from=now-1h")]))
      .build(),
    new DashboardBuilder("Agents").uid("agents").build(),
  ],
});
