import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  scrapeJobs: [
    { job: "api", static: ["api-1:80"] },
    { job: "web", static: ["web:80"] },
    { job: "api", static: ["api-2:80"] },
    { job: "loki", static: ["other-loki:3100"] },
  ],
});
