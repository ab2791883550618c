import { defineStack } from "obs-stack";

import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

export default defineStack({
  name: "shop",
  dashboards: [new DashboardBuilder("Costs").uid("costs")],
});
