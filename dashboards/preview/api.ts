/**
 * What the preview's server and its page say to each other. Types alone: the page is built for browsers, the server for
 * Node. All paths are below the server's own address; every answer is JSON unless said otherwise.
 */
import type { Problem } from "../../stack/validate/problem.js";

/** `GET`: a {@link State}. */
export const statePath = "/api/state";
/** `GET`: server-sent events named `state`, each with a {@link State}: one at once, and one whenever something changed. */
export const eventsPath = "/api/events";
/** `GET <this>/<uid>`: a {@link DashboardAnswer}. */
export const dashboardsPath = "/api/dashboards";
/**
 * `GET <this>/<uid>/<path>`: what the data source's own API answers at `<path>`; only what reads is let through, and
 * `POST` with a form only for queries of Prometheus. `POST <this>/<uid>/sql`: {@link SqlRequest} → {@link SqlAnswer}.
 */
export const dataSourcesPath = "/api/ds";

/** A finding as the page shows it. */
export interface PreviewProblem extends Problem {
  /** UID of the dashboard it is about; undefined: of the whole definition. */
  dashboard?: string;
  /** `id` of the panel it is about, in that dashboard. */
  panelId?: number;
}

/** A data source that dashboards may ask, as the stack has it. */
export interface PreviewDataSource {
  uid: string;
  /** Of Grafana: `prometheus`, `loki`, `tempo`, `jaeger`, `alertmanager`, `grafana-postgresql-datasource`. */
  type: string;
  name: string;
  state: "up" | "down";
  /** Of one that is down: what was tried, and what it said. */
  why?: string;
  /** Of Prometheus: the time between two scrapes, `10s`, on which `$__rate_interval` builds. */
  interval?: string;
}

/** All that the page knows without asking for a dashboard. */
export interface State {
  /** Name of the stack. */
  stack: string;
  /** Counts up with each change of the dashboards; from 1, or 0 where the definition could not be loaded yet. */
  revision: number;
  /** Of the last definition that could be loaded, in its order. */
  dashboards: { uid: string; title: string; description?: string; tags: string[] }[];
  dataSources: PreviewDataSource[];
  /** What was found in the definition as it is now, as far as it is about dashboards. */
  problems: PreviewProblem[];
  /** UID of the dashboard to begin with. */
  home?: string;
  /** Address that runbooks are below, with a slash at its end. */
  runbooks: string;
  /** Of obs. */
  version: string;
  /** Time at which the dashboards were last generated, in milliseconds since 1970. */
  generatedAt: number;
}

/** A dashboard as Grafana stores it ("classic" JSON), links to runbooks filled in. */
export interface DashboardAnswer {
  revision: number;
  dashboard: Record<string, unknown>;
  /** Those of {@link State} that are about it. */
  problems: PreviewProblem[];
}

/** A question to the ledger's database, in SQL with Grafana's macros (`$__timeFilter(column)`). */
export interface SqlRequest {
  sql: string;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** Length of a step of the panel, in milliseconds. */
  intervalMs: number;
  format: "table" | "time_series";
}

export interface SqlColumn {
  name: string;
  /** Values of `time` are milliseconds since 1970. */
  type: "number" | "string" | "time" | "boolean";
}

/** Rows in the order of the database; null where there is no value. With `time_series` ordered by the time column. */
export interface SqlAnswer {
  columns: SqlColumn[];
  rows: unknown[][];
}

/** Body of every answer that isn't 2xx, whether the preview or the store behind it says no. */
export interface ErrorAnswer {
  error: {
    /** HTTP status: 400 a query the store refuses, 403, 404, 405, 413 too much data, 502 the store is down, 504 took too long. */
    status: number;
    what: string;
    next?: string;
  };
}
