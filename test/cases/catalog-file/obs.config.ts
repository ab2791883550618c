import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  scrapeJobs: [
    { job: "api", static: ["127.0.0.1:8000"] },
    { job: "other", static: ["127.0.0.1:8001"] },
  ],
});
