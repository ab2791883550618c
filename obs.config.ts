import { defineStack } from "obs-stack";
import { hostPack, llmPack, llmSlos, servicePack, stackPack } from "obs-stack/alerts";
import { allDashboards } from "obs-stack/dashboards";

// The reference stack: nearly everything at its default, which is what `obs init` starts you with, too.
// Hover any key in your editor for what it means; `obs up` applies what you change here.
export default defineStack({
  name: "obs",
  environment: "development",

  // Programs of yours that expose Prometheus metrics. Applications that send OTLP need no entry here.
  scrapeJobs: [
    // { job: "api", static: ["127.0.0.1:8000"], labels: { team: "search" } },
  ],

  // The objectives of `llmSlos` look back 30 days.
  metrics: { retention: "30d" },

  llm: {
    // What may be spent in a month (`obs costs budget`). These teams are those of the demo: `obs up --demo`.
    budgets: {
      legal: { team: "legal", monthlyUsd: 25 },
      support: { team: "support", monthlyUsd: 60 },
    },
  },

  alerting: {
    // Alerts with their thresholds as options, cases (`obs test`) and runbooks (`obs runbook`). Rule files: alerts/*.yml.
    packs: [llmPack(), servicePack(), hostPack(), stackPack(), ...llmSlos()],
    // receivers: { oncall: { slack: [{ webhookUrl: secret("SLACK_WEBHOOK_URL") }] } },
  },

  dashboards: allDashboards(),
});
