import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  metrics: { scrapeInterval: "15s" },
  scrapeJobs: [
    { job: "api", static: ["api:80"], interval: "5s", timeout: "10s" },
    { job: "web", static: ["web:80"], timeout: "20s" },
    { job: "fine", static: ["fine:80"], interval: "1m", timeout: "20s" },
  ],
});
