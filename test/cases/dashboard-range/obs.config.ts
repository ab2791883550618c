import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSourceUids, defineStack } from "obs-stack";

const prometheus = { type: "prometheus", uid: dataSourceUids.prometheus };
const query = (expr: string) => new DataqueryBuilder().refId("A").expr(expr);
const drawn = (title: string, expr: string) =>
  new PanelBuilder().title(title).unit("short").datasource(prometheus).withTarget(query(expr).range());
const once = (title: string, expr: string) =>
  new StatPanel().title(title).unit("short").datasource(prometheus).withTarget(query(expr).instant());
const sent = "prometheus_notifications_sent_total";

export default defineStack({
  name: "shop",
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
      .build(),
  ],
});
