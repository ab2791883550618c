import { defineStack } from "obs-stack";
import { stackOverview } from "./dashboards/stack-overview.js";

// The reference stack: everything at its default, which is what `obs init` starts you with, too.
// Hover any key in your editor for what it means; `obs up` applies what you change here.
export default defineStack({
  name: "obs",
  environment: "development",

  // Programs of yours that expose Prometheus metrics. Applications that send OTLP need no entry here.
  scrapeJobs: [
    // { job: "api", static: ["127.0.0.1:8000"], labels: { team: "search" } },
  ],

  alerting: {
    rules: ["alerts/*.yml"],
    // receivers: { oncall: { slack: [{ webhookUrl: secret("SLACK_WEBHOOK_URL") }] } },
  },

  dashboards: [stackOverview],
});
