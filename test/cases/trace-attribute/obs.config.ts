import { dataSourceUids, defineStack } from "obs-stack";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/tempo";

const panel = (title: string, query: string) =>
  new PanelBuilder()
    .title(title)
    .datasource({ type: "tempo", uid: dataSourceUids.traces })
    .withTarget(new DataqueryBuilder().refId("A").query(query));

export default defineStack({
  name: "shop",
  traces: { backend: "tempo" },
  dashboards: [
    new DashboardBuilder("Traces")
      .uid("traces-of-models")
      .withPanel(panel("Prompts", '{ span.gen_ai.prompt =~ ".*refund.*" }'))
      .withPanel(panel("Of the span", '{ status = error && span.service.name = "checkout" }'))
      .withPanel(panel("Of the resource", "{ resource.http.route = `/pay` }"))
      .withPanel(panel("Misspelt", "{ span.gen_ai.request.modle = `m` } | select(span.gen_ai.request.model)"))
      .withPanel(panel("Fine", '{ resource.service.name = "checkout" && span.shop.basket.size > 3 && .http.route != nil }'))
      .build(),
  ],
});
