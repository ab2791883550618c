import { join } from "node:path/posix";
import { readerRole } from "../../llm/ledger/config.js";
import { runbooksUrl } from "../alerting/runbooks.js";
import type { Stack } from "../define.js";
import { portNumber } from "../ports.js";
import { versions } from "../versions.js";
import { type DataSource, dataSourcesOf } from "./data-sources.js";
import { dataSourceUids, ledgerDatabase, ledgerSecrets, runbooksVariable } from "./names.js";
import { hasOwnLedgerDatabase } from "./postgres.js";
import type { ConfigFile, RenderContext, Service } from "./service.js";

/** Shows it all. */
export const grafana: Service = {
  name: "grafana",
  title: "shows dashboards",
  program: "grafana",
  user: "472:472",
  imageDataDir: "/var/lib/grafana",
  wanted: (_stack, facts) => facts.grafana.present,
  ports: () => ["grafana"],
  published: () => ["grafana"],
  // The image's own start script builds the command line from GF_PATHS_*; a local Grafana is given it.
  args: ({ at, facts }) =>
    facts.grafana.home
      ? ["server", `--homepath=${facts.grafana.home}`, `--config=${at.configDir("grafana")}/grafana.ini`]
      : [],
  env: ({ at }) => ({
    GF_PATHS_CONFIG: `${at.configDir("grafana")}/grafana.ini`,
    GF_PATHS_DATA: at.dataDir("grafana"),
    GF_PATHS_LOGS: `${at.dataDir("grafana")}/log`,
    GF_PATHS_PLUGINS: `${at.dataDir("grafana")}/plugins`,
    GF_PATHS_PROVISIONING: `${at.configDir("grafana")}/provisioning`,
  }),
  files: (context) => [
    { path: "grafana.ini", main: true, keys: ["grafana"], content: grafanaIni(context) },
    {
      path: "provisioning/datasources/stack.yml",
      keys: ["traces.backend", "metrics.scrapeInterval", "llm.ledger"],
      content: dataSources(context),
    },
    {
      path: "provisioning/dashboards/stack.yml",
      keys: ["dashboards", "grafana.allowEdits"],
      content: dashboardProvider(context),
    },
    ...context.stack.dashboards.map(
      (dashboard): ConfigFile => ({
        path: `dashboards/${dashboard.uid}.json`,
        keys: ["dashboards"],
        content: withRunbooks(dashboard, context.stack),
      }),
    ),
  ],
  secrets: (stack) => [
    stack.grafana.adminPassword.secret,
    ...(hasOwnLedgerDatabase(stack) ? [ledgerSecrets.reader] : []),
  ],
  readiness: () => ({ port: "grafana", path: "/api/health" }),
  metrics: () => ({ port: "grafana", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 512,
  page: { port: "grafana", title: "dashboards (user admin)" },
};

/** Sections of grafana.ini; nothing in it calls home. */
function grafanaIni({ stack, at }: RenderContext): Record<string, Record<string, string | number | boolean>> {
  const home = stack.dashboards[0];
  return {
    server: { http_addr: at.listenHost("grafana"), http_port: portNumber(stack, "grafana") },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    plugins: { preinstall_disabled: true, plugin_admin_enabled: false, public_key_retrieval_disabled: true },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    security: {
      admin_user: "admin",
      admin_password: `$__file{${at.secretFile("grafana", stack.grafana.adminPassword.secret)}}`,
      disable_gravatar: true,
      cookie_samesite: "strict",
    },
    users: { allow_sign_up: false, default_theme: "system" },
    "auth.anonymous": { enabled: false },
    dashboards: {
      min_refresh_interval: "5s",
      ...(home && {
        default_home_dashboard_path: join(at.configDir("grafana"), "dashboards", `${home.uid}.json`),
      }),
    },
    log: { mode: "console", level: "warn" },
  };
}

/** A dashboard whose links to runbooks lead to where this stack has them. */
export function withRunbooks(dashboard: object, stack: Stack): object {
  const json = JSON.stringify(dashboard);
  if (!json.includes(runbooksVariable)) return dashboard;
  return JSON.parse(json.replaceAll(runbooksVariable, runbooksUrl(stack)));
}

function dashboardProvider({ stack, at }: RenderContext): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "stack",
        folder: stack.name,
        type: "file",
        allowUiUpdates: stack.grafana.allowEdits,
        disableDeletion: !stack.grafana.allowEdits,
        updateIntervalSeconds: 10,
        options: { path: `${at.configDir("grafana")}/dashboards` },
      },
    ],
  };
}

// In Grafana's provisioning files `$$` stands for a literal `$`.
function dataSources({ stack, at, facts }: RenderContext): object {
  const sources = dataSourcesOf(facts.traces.backend);
  const common = { access: "proxy", editable: false };
  const reached = ({ name, uid, type, service }: DataSource) => ({
    name,
    uid,
    type,
    url: `http://${at.reach(service)}`,
    ...common,
  });
  const spanTags = [{ key: "service.name", value: "service_name" }];
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...reached(sources.prometheus),
        isDefault: true,
        jsonData: {
          httpMethod: "POST",
          prometheusType: "Prometheus",
          prometheusVersion: versions.prometheus,
          timeInterval: stack.metrics.scrapeInterval,
          exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: dataSourceUids.traces }],
        },
      },
      {
        ...reached(sources.loki),
        jsonData: {
          derivedFields: [
            {
              name: "trace",
              matcherType: "label",
              matcherRegex: "trace_id",
              url: "$${__value.raw}",
              urlDisplayLabel: "Open the trace",
              datasourceUid: dataSourceUids.traces,
            },
          ],
        },
      },
      {
        ...reached(sources.traces),
        jsonData: {
          tracesToLogsV2: {
            datasourceUid: dataSourceUids.loki,
            spanStartTimeShift: "-5m",
            spanEndTimeShift: "5m",
            tags: spanTags,
            customQuery: true,
            query: '{$${__tags}} | trace_id="$${__trace.traceId}"',
          },
          tracesToMetrics: {
            datasourceUid: dataSourceUids.prometheus,
            spanStartTimeShift: "-15m",
            spanEndTimeShift: "15m",
            tags: spanTags,
            queries: [
              {
                name: "Requests per second",
                query: "sum(rate(traces_span_metrics_calls_total{$$__tags}[5m]))",
              },
              {
                name: "Errors per second",
                query:
                  'sum(rate(traces_span_metrics_calls_total{$$__tags, status_code="STATUS_CODE_ERROR"}[5m]))',
              },
              {
                name: "P95 duration",
                query:
                  "histogram_quantile(0.95, sum by (le) (rate(traces_span_metrics_duration_seconds_bucket{$$__tags}[5m])))",
              },
            ],
          },
          nodeGraph: { enabled: true },
          ...(facts.traces.backend === "tempo" && {
            serviceMap: { datasourceUid: dataSourceUids.prometheus },
            search: { hide: false },
          }),
        },
      },
      {
        ...reached(sources.alertmanager),
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
      },
      ...(hasOwnLedgerDatabase(stack)
        ? [
            {
              ...reached(sources.ledger),
              url: at.reach("postgres"),
              user: readerRole,
              jsonData: {
                database: ledgerDatabase,
                // Within the stack's own network, or on loopback.
                sslmode: "disable",
                maxOpenConns: 4,
                postgresVersion: 1800,
              },
              secureJsonData: {
                password: `$__file{${at.secretFile("grafana", ledgerSecrets.reader)}}`,
              },
            },
          ]
        : []),
    ],
  };
}
