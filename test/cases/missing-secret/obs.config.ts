import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  otlp: { token: secret("OTLP_TOKEN") },
  scrapeJobs: [
    { job: "api", static: ["api:80"], auth: { bearer: secret("API_TOKEN") } },
    { job: "web", static: ["web:80"], auth: { bearer: secret("API_TOKEN") } },
  ],
  alerting: { receivers: { oncall: { webhook: [{ url: secret("WEBHOOK_URL") }] } } },
});
