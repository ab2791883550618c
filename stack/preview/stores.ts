import type { Stack } from "../define.js";
import { localAddress } from "../render/address.js";
import { readyUrl } from "../render/render.js";
import { type DataSource, dataSourcesOf } from "../services/data-sources.js";
import { services } from "../services/index.js";
import { hasOwnLedgerDatabase } from "../services/postgres.js";
import type { Facts } from "../services/service.js";

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
  const { prometheus, ledger, ...others } = dataSourcesOf(facts.traces.backend);
  const store = ({ uid, type, name, service }: DataSource): Store => ({
    uid,
    type,
    name,
    address: localAddress(stack, service),
    ready: readyUrl(services[service], stack),
  });
  return [
    { ...store(prometheus), interval: stack.metrics.scrapeInterval },
    ...Object.values(others).map(store),
    ...(hasOwnLedgerDatabase(stack) ? [store(ledger)] : []),
  ];
}
