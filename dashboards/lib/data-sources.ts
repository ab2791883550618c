import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { dataSourceUids } from "../../stack/services/names.js";

/** The data sources that the stack provisions. */
export const dataSources = {
  prometheus: { type: "prometheus", uid: dataSourceUids.prometheus },
  loki: { type: "loki", uid: dataSourceUids.loki },
  /** Whichever store keeps the traces; queries are written for Tempo. */
  traces: { type: "tempo", uid: dataSourceUids.traces },
  /** PostgreSQL with the ledger of model calls, as a role that may only read. */
  ledger: { type: "grafana-postgresql-datasource", uid: dataSourceUids.ledger },
} as const satisfies Record<string, DataSourceRef>;
