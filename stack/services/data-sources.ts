import { dataSourceUids } from "./names.js";
import type { Facts, ServiceName } from "./service.js";

/** A store that dashboards ask. */
export interface DataSource {
  uid: string;
  /** Grafana's id of its kind: `prometheus`, `grafana-postgresql-datasource`. */
  type: string;
  /** What people call it. */
  name: string;
  /** Who answers; its port has the same name. */
  service: Extract<ServiceName, "prometheus" | "loki" | "tempo" | "jaeger" | "alertmanager" | "postgres">;
}

/** The stores by what they are for: the same to Grafana, to the preview and to whoever checks dashboards. */
export function dataSourcesOf(
  traces: Facts["traces"]["backend"],
): Record<keyof typeof dataSourceUids, DataSource> {
  const { prometheus, loki, alertmanager, ledger } = dataSourceUids;
  return {
    prometheus: { uid: prometheus, type: "prometheus", name: "Prometheus", service: "prometheus" },
    loki: { uid: loki, type: "loki", name: "Loki", service: "loki" },
    traces: {
      uid: dataSourceUids.traces,
      type: traces,
      name: traces === "tempo" ? "Tempo" : "Jaeger",
      service: traces,
    },
    alertmanager: { uid: alertmanager, type: "alertmanager", name: "Alertmanager", service: "alertmanager" },
    ledger: { uid: ledger, type: "grafana-postgresql-datasource", name: "Ledger", service: "postgres" },
  };
}
