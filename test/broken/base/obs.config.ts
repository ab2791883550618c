import { defineStack, secret } from "obs-stack";
import { overview } from "./dashboards/overview.js";
import { workers } from "./dashboards/workers.js";

// A stack with something of everything. Nothing is wrong with it; each case breaks it in one place.
export default defineStack({
  name: "shop",
  environment: "production",
  bind: "0.0.0.0",
  otlp: {
    token: secret("OTLP_TOKEN"),
    tls: { certificate: "tls/certificate.pem", key: "tls/key.pem" },
  },
  ports: { grafana: 3001, prometheus: 9091 },
  images: { registry: "registry.internal:5000" },

  collector: {
    receivers: { jaeger: false, zipkin: true },
    memoryLimitMiB: 768,
    content: { keep: true, redact: ["\\b[A-Z]{2}\\d{20}\\b"] },
    queue: { size: 20_000, retryFor: "12h" },
    exporters: {
      warehouse: {
        type: "otlp",
        endpoint: "https://otlp.warehouse.example.org",
        headers: { authorization: secret("WAREHOUSE_TOKEN") },
        signals: ["traces", "logs"],
      },
      archive: { type: "file", name: "archive.jsonl", maxMegabytes: 500, signals: ["logs"] },
    },
  },

  traces: {
    backend: "tempo",
    retention: "14d",
    sampling: { keepPercent: 20, slow: "3s", decisionWait: "2m" },
  },
  metrics: { retention: "30d", retentionSize: "50GB", scrapeInterval: "15s", outOfOrder: "12h" },
  logs: { retention: "14d", ingestionRateMB: 32 },

  scrapeJobs: [
    {
      job: "api",
      static: ["api-1.internal:8000", "api-2.internal:8000"],
      path: "/internal/metrics",
      interval: "30s",
      timeout: "10s",
      labels: { team: "search" },
      auth: { bearer: secret("API_SCRAPE_TOKEN") },
    },
    { job: "workers", files: ["targets/workers.json"] },
    { job: "ingest", dns: { names: ["ingest.internal"], type: "A", port: 9300 } },
  ],

  alerting: {
    rules: ["alerts/*.yml"],
    receivers: {
      oncall: {
        pagerduty: [{ routingKey: secret("PAGERDUTY_ROUTING_KEY") }],
        slack: [{ webhookUrl: secret("ONCALL_SLACK_WEBHOOK"), channel: "#oncall" }],
      },
      search: {
        email: [
          {
            to: "search@example.org",
            from: "alerts@example.org",
            smarthost: "mail.example.org:587",
            username: "alerts",
            password: secret("SMTP_PASSWORD"),
          },
        ],
      },
      tickets: { webhook: [{ url: "https://tickets.example.org/alerts" }] },
    },
    route: {
      receiver: "tickets",
      groupBy: ["alertname", "job"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "12h",
      routes: [
        { matchers: ['severity="critical"'], receiver: "oncall", repeatInterval: "1h", continue: true },
        { matchers: ['team="search"', 'severity=~"warning|critical"'], receiver: "search" },
      ],
    },
  },

  grafana: { adminPassword: secret("GRAFANA_ADMIN_PASSWORD"), allowEdits: false },
  dashboards: [overview, workers],
  host: { enabled: true },

  overrides: {
    "otel-collector": {
      processors: {
        "attributes/region": { actions: [{ key: "cloud.region", value: "eu-1", action: "insert" }] },
      },
      service: {
        pipelines: {
          metrics: {
            processors: [
              "memory_limiter",
              "transform/identity",
              "transform/gauges",
              "attributes/region",
              "transform/app-metrics",
              "deltatocumulative",
            ],
          },
        },
      },
    },
    prometheus: { global: { external_labels: { cluster: "eu-1" } } },
    alertmanager: {
      inhibit_rules: [
        {
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          equal: ["alertname", "job"],
        },
      ],
    },
    loki: { limits_config: { max_query_length: "30d" } },
    tempo: { server: { log_level: "info" } },
    grafana: { users: { default_theme: "dark" } },
    compose: { services: { prometheus: { environment: { TZ: "UTC" } } } },
  },
});
