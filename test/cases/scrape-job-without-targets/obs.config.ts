import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  scrapeJobs: [{ job: "api", interval: "30s" }],
});
