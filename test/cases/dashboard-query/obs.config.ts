import { dataSourceUids, defineStack } from "obs-stack";
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder as TempoQuery } from "@grafana/grafana-foundation-sdk/tempo";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const logs = (title: string, expr: string) =>
  new PanelBuilder().unit("short")
    .title(title)
    .datasource({ type: "loki", uid: dataSourceUids.loki })
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));
const panel = (title: string, expr: string) =>
  new PanelBuilder().unit("short")
    .title(title)
    .datasource(prometheus)
    .withTarget(new DataqueryBuilder().refId("A").expr(expr));
const traces = (title: string, query: string, panel: PanelBuilder | TablePanel = new TablePanel()) =>
  panel
    .title(title)
    .datasource({ type: "tempo", uid: dataSourceUids.traces })
    .withTarget(new TempoQuery().refId("A").query(query));
const sql = (title: string, rawSql: string) =>
  new TablePanel()
    .title(title)
    .datasource({ type: "grafana-postgresql-datasource", uid: "${ledger}" })
    .withTarget({ build: () => ({ refId: "A", rawSql, format: "table" }) } as never);

export default defineStack({
  name: "shop",
  traces: { backend: "tempo" },
  dashboards: [
    new DashboardBuilder("Queries")
      .uid("queries")
      .withVariable(new CustomVariableBuilder("quantile").values("0.5,0.95"))
      .withVariable(new QueryVariableBuilder("job").datasource(prometheus).query("label_values(up, job)"))
      .withVariable(new QueryVariableBuilder("broken").datasource(prometheus).query("label_values(up{, job)"))
      .withPanel(panel("Unclosed", 'sum(rate(up{job="$job"}[$__rate_interval])'))
      .withPanel(panel("Of the wrong type", "rate(up)"))
      .withPanel(
        panel(
          "Filled in",
          'histogram_quantile($quantile, sum by (le, $job) (rate(traces_span_metrics_duration_seconds_bucket{job=~"[[job]]"}[${__interval}])))',
        ),
      )
      .withPanel(logs("Unclosed logs", '{service_name="$job" |= "error"'))
      .withPanel(logs("Without a range", 'rate({service_name="$job"})'))
      .withPanel(logs("Filled-in logs", 'sum by ($job) (count_over_time({service_name=~"$job"} | json | status >= 500 [$__auto]))'))
      .withPanel(logs("Lines drawn", '{service_name="$job"} |= "error"'))
      .withPanel(traces("Unclosed traces", '{ resource.service.name = "$job" && duration > 5s'))
      .withPanel(traces("Without a scope", '{ service.name = "$job" }'))
      .withPanel(traces("Quoted", '{ resource.service.name = "$job" && status = "error" }'))
      .withPanel(traces("Without a unit", "{ duration > 5 }"))
      .withPanel(traces("Traces drawn", "{ status = error }", new PanelBuilder().unit("short")))
      .withPanel(traces("Filled-in traces", "{ span.$attribute = $value } | rate() by (resource.service.name)", new PanelBuilder().unit("short")))
      .withPanel(traces("One trace", "$trace"))
      .withPanel(sql("Statement unclosed", "SELECT model, sum(cost_usd FROM llm_usage WHERE $__timeFilter(started_at) GROUP BY 1"))
      .withPanel(sql("Unknown macro", "SELECT model FROM llm_usage WHERE $__timeFiltr(started_at)"))
      .withPanel(sql("Changing", "DELETE FROM llm_usage WHERE model = '$model'"))
      .withPanel(sql("Filled-in SQL", "SELECT $__timeGroupAlias(started_at, $__interval), sum(cost_usd) FROM llm_usage WHERE model IN ($model) AND $__timeFilter(started_at) GROUP BY 1"))
      .withVariable(new DatasourceVariableBuilder("ledger").type("grafana-postgresql-datasource"))
      .withVariable(new CustomVariableBuilder("model").values("a,b"))
      .withVariable(new CustomVariableBuilder("attribute").values("http.route"))
      .withVariable(new CustomVariableBuilder("value").values("1"))
      .withVariable(new CustomVariableBuilder("trace").values("0123456789abcdef"))
      .build(),
  ],
});
