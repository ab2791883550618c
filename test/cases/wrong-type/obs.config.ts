import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  ports: { prometheus: "9091", grafana: 3000.5 },
  metrics: { retention: 15 },
  scrapeJobs: { job: "api" },
  host: true,
  grafana: null,
});
