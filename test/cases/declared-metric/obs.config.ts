import { dataSourceUids, defineStack } from "obs-stack";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const panel = (title: string, expr: string) =>
  new PanelBuilder().unit("short")
    .title(title)
    .datasource({ type: "prometheus", uid: dataSourceUids.prometheus })
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));

export default defineStack({
  name: "shop",
  alerting: { rules: ["rules.yml"] },
  dashboards: [
    new DashboardBuilder("Cache")
      .uid("cache")
      .withPanel(panel("Hits", 'sum(rate(llm_cache_requests_total{result="hit"}[5m]))'))
      .withPanel(panel("Scores", "sum by (le) (rate(llm_quality_score_bucket[5m]))"))
      .build(),
  ],
});
