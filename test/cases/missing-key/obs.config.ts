import { defineStack } from "obs-stack";

export default defineStack({
  scrapeJobs: [{ static: ["localhost:8080"] }],
  collector: { exporters: { archive: { endpoint: "https://example.org" } } },
});
