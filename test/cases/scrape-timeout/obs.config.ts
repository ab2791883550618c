import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  scrapeJobs: [
    { job: "api", static: ["api:80"], interval: "5s", timeout: "10s" },
    { job: "web", static: ["web:80"], timeout: "20s" },
    { job: "fine", static: ["fine:80"], interval: "1m", timeout: "20s" },
  ],
});
