import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids, defineStack } from "obs-stack";
import { plainPanel, sql } from "obs-stack/dashboards";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const query = (expr: string) => new DataqueryBuilder().refId("A").expr(expr);
const drawn = (title: string, expr: string) =>
  new PanelBuilder().title(title).unit("short").datasource(prometheus).withTarget(query(expr).range());
const once = (title: string, expr: string) =>
  new StatPanel().title(title).unit("short").datasource(prometheus).withTarget(query(expr).instant());
const loki = { type: "loki", uid: dataSourceUids.loki };
const logs = (title: string, expr: string, type = "range") =>
  new PanelBuilder()
    .title(title)
    .unit("short")
    .datasource(loki)
    .withTarget(new LokiQuery().refId("A").expr(expr).queryType(type));
const money = (title: string, query: string) =>
  plainPanel("table", { title, queries: [{ ...sql(query), format: "table" }] });
const sent = "prometheus_notifications_sent_total";

export default defineStack({
  name: "shop",
  llm: { ledger: { enabled: true } },
  dashboards: [
    new DashboardBuilder("Ranges")
      .uid("ranges")
      .withPanel(drawn("The whole time", `sum(increase(${sent}[$__range]))`))
      .withPanel(drawn("The whole time in braces", `sum(increase(${sent}[\${__range_s}s]))`))
      .withPanel(drawn("Three days", `sum(increase(${sent}[3d]))`))
      .withPanel(drawn("Fine steps", "max_over_time(up[1d:5s])"))
      .withPanel(once("The whole time, once", `sum(increase(${sent}[$__range]))`))
      .withPanel(once("Three days, once", `sum(increase(${sent}[3d]))`))
      .withPanel(drawn("As it should be", `sum(rate(${sent}[$__rate_interval]))`))
      .withPanel(drawn("A day", `sum(increase(${sent}[1d]))`))
      .withPanel(logs("Lines of the whole time", 'sum(count_over_time({service_name="api"} [$__range]))'))
      .withPanel(logs("Lines of three days", 'sum(count_over_time({service_name="api"} |= "failed" [3d]))'))
      .withPanel(logs("Lines of the whole time, once", 'sum(count_over_time({service_name="api"} [$__range]))', "instant"))
      .withPanel(logs("Lines as they should be", 'sum(count_over_time({service_name="api"} [$__auto]))'))
      .withPanel(money("All calls ever", "SELECT model, sum(cost_usd) FROM llm_usage GROUP BY model"))
      .withPanel(money("Calls of the time shown", "SELECT model FROM llm_usage WHERE $__timeFilter(started_at)"))
      .withPanel(money("Calls of the last week", "SELECT model FROM llm_usage WHERE started_at > now() - interval '7 days'"))
      .withPanel(money("Something small", "SELECT name FROM teams"))
      .build(),
  ],
});
