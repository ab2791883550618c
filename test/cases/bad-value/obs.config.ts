import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "My Shop",
  bind: "localhost",
  ports: { loki: 70000 },
  metrics: { retentionSize: "10 gigs" },
  traces: { backend: "temp", sampling: { keepPercent: 120 } },
  collector: {
    exporters: {
      "Other Place": { type: "otlp", endpoint: "https://example.org" },
      archive: { type: "s3" },
      other: { type: "otlp", endpoint: "example", signals: [] },
    },
  },
  scrapeJobs: [
    { job: "api", static: ["http://api:8080"], path: "metrics", auth: { user: "x", password: secret("PASSWORD") } },
    { job: "web", static: ["web:80"], auth: {} },
  ],
  dashboards: [{ uid: "../costs", title: "Costs" }],
  alerting: { route: { routes: [{ matchers: ["severity is critical"] }] } },
});
