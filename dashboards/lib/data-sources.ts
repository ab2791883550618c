import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { dataSourceUids } from "../../stack/services/names.js";

/** The data sources that the stack provisions. */
export const dataSources = {
  prometheus: { type: "prometheus", uid: dataSourceUids.prometheus },
  loki: { type: "loki", uid: dataSourceUids.loki },
  /** Whichever store keeps the traces; queries are written for Tempo. */
  traces: { type: "tempo", uid: dataSourceUids.traces },
} as const satisfies Record<string, DataSourceRef>;
