import type { StackInput } from "../../../stack/define.js";
import { secret } from "../../../stack/secret.js";

/** The smallest definition there is: everything at its default. */
export const minimal: StackInput = { name: "minimal" };

/** A definition that uses every part of the schema, so that its golden files show every shape that is rendered. */
export const full: StackInput = {
  name: "full",
  environment: "staging",
  bind: "0.0.0.0",
  otlp: { token: secret("OTLP_TOKEN"), tls: { certificate: "tls/cert.pem", key: "tls/key.pem" } },
  ports: { prometheus: 19090, otlpHttp: 14318 },
  images: { registry: "mirror.internal:5000/hub" },
  collector: {
    receivers: { jaeger: true, zipkin: false },
    memoryLimitMiB: 1024,
    content: { keep: true, redact: ["secret-[0-9]+"] },
    queue: { size: 500, retryFor: "2h" },
    exporters: {
      vendor: {
        type: "otlp",
        endpoint: "https://otlp.example.com",
        headers: { "x-api-key": secret("VENDOR_KEY"), "x-plain": "costs $5" },
        signals: ["traces", "logs"],
      },
      archive: {
        type: "otlp",
        protocol: "grpc",
        endpoint: "archive.internal:4317",
        insecure: true,
        signals: ["metrics"],
      },
      lines: { type: "file", name: "telemetry.jsonl" },
      screen: { type: "console", verbosity: "basic", signals: ["logs"] },
    },
  },
  traces: {
    backend: "tempo",
    retention: "3d",
    sampling: { keepPercent: 25, slow: "1500ms", decisionWait: "10m", afterRoot: "5s", maxTraces: 1000 },
  },
  metrics: { retention: "30d", retentionSize: "50GB", scrapeInterval: "30s", outOfOrder: "1h" },
  logs: { retention: "2w", ingestionRateMB: 4 },
  llm: { metricsOnlyServices: ["billing-batch"] },
  scrapeJobs: [
    { job: "api", static: ["api.internal:8000", "127.0.0.1:8001"], labels: { team: "search" } },
    {
      job: "workers",
      files: ["targets/*.json"],
      labels: { tier: "costs $5" },
      interval: "1m",
      timeout: "10s",
    },
    {
      job: "names",
      dns: { names: ["api.internal"], port: 8000 },
      scheme: "https",
      auth: { bearer: secret("API_TOKEN") },
    },
    {
      job: "containers",
      docker: { host: "http://docker-proxy:2375" },
      auth: { username: "obs", password: secret("API_PASSWORD") },
    },
  ],
  alerting: {
    receivers: {
      oncall: {
        slack: [{ webhookUrl: secret("SLACK_URL"), channel: "#alerts" }],
        pagerduty: [{ routingKey: secret("PAGERDUTY_KEY"), severity: "critical" }],
      },
      team: {
        email: [
          {
            to: "team@example.com",
            from: "obs@example.com",
            smarthost: "smtp.example.com:587",
            username: "obs",
            password: secret("SMTP_PASSWORD"),
          },
        ],
        webhook: [
          { url: "https://hooks.example.com/a", bearer: secret("HOOK_TOKEN") },
          { url: secret("HOOK_URL") },
        ],
      },
    },
    route: {
      receiver: "team",
      groupBy: ["alertname"],
      routes: [
        { receiver: "oncall", matchers: ['severity="critical"'], groupWait: "10s", continue: true },
        { matchers: ['team="search"'], routes: [{ receiver: "team", repeatInterval: "1d" }] },
      ],
    },
  },
  grafana: { allowEdits: true },
  dashboards: [{ uid: "one", title: "One", panels: [] }],
  host: { enabled: true },
  overrides: {
    prometheus: { global: { scrape_timeout: "5s" } },
    loki: { limits_config: { max_query_series: 1000, volume_enabled: null } },
    compose: { services: { loki: { cpus: 2 } } },
  },
};
