import type { Stack } from "../define.js";
import type { PortName } from "../ports.js";
import { localAddress } from "../render/address.js";
import { readyUrl } from "../render/render.js";
import { services } from "../services/index.js";
import { dataSourceUids } from "../services/names.js";
import { hasOwnLedgerDatabase } from "../services/postgres.js";
import type { Facts, ServiceName } from "../services/service.js";
import { provisionedTypes } from "../validate/dashboards/queries.js";

/** A data source of Grafana's, as the preview reaches it on this machine. */
export interface Store {
  uid: string;
  /** Of Grafana: `prometheus`, `grafana-postgresql-datasource`. */
  type: string;
  /** What people call it. */
  name: string;
  /** `host:port` */
  address: string;
  /** Where it says whether it is ready, see `askReady`. */
  ready: string;
  /** Of Prometheus: the time between two scrapes. */
  interval?: string;
}

/** The data sources that dashboards of a stack may ask: the same that its Grafana would have. */
export function storesOf(stack: Stack, facts: Pick<Facts, "traces">): Store[] {
  const { backend } = facts.traces;
  const types = provisionedTypes(backend);
  const store = (uid: string, title: string, name: ServiceName & PortName): Store => ({
    uid,
    type: types.get(uid)!,
    name: title,
    address: localAddress(stack, name),
    ready: readyUrl(services[name], stack),
  });
  return [
    {
      ...store(dataSourceUids.prometheus, "Prometheus", "prometheus"),
      interval: stack.metrics.scrapeInterval,
    },
    store(dataSourceUids.loki, "Loki", "loki"),
    store(dataSourceUids.traces, backend === "tempo" ? "Tempo" : "Jaeger", backend),
    store(dataSourceUids.alertmanager, "Alertmanager", "alertmanager"),
    ...(hasOwnLedgerDatabase(stack) ? [store(dataSourceUids.ledger, "Ledger", "postgres")] : []),
  ];
}
