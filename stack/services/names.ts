import type { ServiceName } from "./service.js";

/** Name of a secret that obs itself makes: where `obs verify` has Alertmanager send its test alert. */
export const verifyWebhookSecret = "OBS_VERIFY_WEBHOOK_URL";

/** The same for `obs drill`. */
export const drillWebhookSecret = "OBS_DRILL_WEBHOOK_URL";

/** What such a secret holds while nothing of the kind runs. Port 9 is "discard": nothing is sent anywhere. */
export const inertWebhookUrl = "http://127.0.0.1:9/";

/** Names of the secrets of the ledger: its database's password, that of who may only read it, and the key that hashes users. */
export const ledgerSecrets = {
  database: "OBS_LEDGER_DATABASE_PASSWORD",
  reader: "OBS_LEDGER_READER_PASSWORD",
  userKey: "OBS_LEDGER_USER_KEY",
} as const;

/** Secrets that nobody outside the stack has to know beforehand: `obs up` makes one up where it is missing. */
export const generatedSecrets: readonly string[] = [
  "GRAFANA_ADMIN_PASSWORD",
  ...Object.values(ledgerSecrets),
];

/** The database, of the stack's own PostgreSQL, that the ledger is in. */
export const ledgerDatabase = "postgres";

/** Label that marks the test alert of `obs verify`; Alertmanager's first route keeps it away from people. */
export const verifyLabel = "obs_verify";

/**
 * Label that marks the alerts of `obs drill`: Alertmanager's first route keeps them away from people, and no inhibition
 * reaches from them to real ones, or back.
 */
export const drillLabel = "drill";

/** Receivers that the stack brings: of alerts that no route sends anywhere, of its own test alert, and of drills. */
export const ownReceivers = { nobody: "nobody", verify: "obs-verify", drill: "obs-drill" } as const;

/** Severity of alerts that are for nobody: they say that all is well. A heartbeat service may listen to them. */
export const heartbeatSeverity = "none";

/** Span attribute (boolean) that makes tail sampling keep a trace: set by `obs verify` on its own. */
export const keepTraceAttribute = "obs.keep";

/** Namespaces of the span metrics: `all` are made before sampling and count, `kept` after it and carry the exemplars. */
export const spanMetricsNamespaces = {
  all: "traces.span.metrics",
  kept: "traces.kept.span.metrics",
} as const;

/** Upper bounds of the span metrics' durations: fine where web requests live, on to minutes for models and agents. */
export const spanDurationBuckets = [
  "5ms",
  "10ms",
  "25ms",
  "50ms",
  "100ms",
  "200ms",
  "300ms",
  "500ms",
  "1s",
  "2s",
  "3s",
  "5s",
  "10s",
  "30s",
  "1m",
  "2m",
  "5m",
];

/** Compose settings of a service that talks to addresses the user wrote: the name of this machine, also on Linux. */
export const reachesThisMachine = { extra_hosts: ["host.docker.internal:host-gateway"] };

/** UIDs of the Grafana data sources that the stack provisions. */
export const dataSourceUids = {
  prometheus: "prometheus",
  loki: "loki",
  traces: "traces",
  alertmanager: "alertmanager",
  ledger: "ledger",
} as const;

/**
 * Stands in links of dashboards for the address that runbooks are below. Where they are read is known when the stack is
 * rendered.
 */
export const runbooksVariable = "${__obs_runbooks}";

/** Every service, in the order in which people think of them. */
export const serviceNames: readonly ServiceName[] = [
  "otel-collector",
  "prometheus",
  "alertmanager",
  "loki",
  "tempo",
  "jaeger",
  "grafana",
  "node-exporter",
  "postgres",
  "llm-ledger",
  "preview",
];
