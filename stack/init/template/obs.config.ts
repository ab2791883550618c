import { defineStack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";
import {
  hostDashboards,
  llmDashboards,
  serviceDashboards,
  stackDashboards,
  withHome,
} from "obs-stack/dashboards";
import { example } from "./alerts/example.js";
import { overview } from "./dashboards/example.js";

// The whole stack, from one file. Everything not written here has a sensible default: hover a key in your editor for
// what it means. After an edit: `obs validate` says whether it will work, `obs up` applies it, reloading only what changed.
export default defineStack({
  name: "my-stack",
  environment: "development",

  // Applications that send OTLP need no entry here. Programs with a Prometheus /metrics page do:
  scrapeJobs: [
    // { job: "api", static: ["127.0.0.1:8000"], labels: { team: "search" } },
  ],

  alerting: {
    // Alerts that come with obs, their thresholds as options, and your own. Files of Prometheus' rules in alerts/ are taken, too.
    // `obs validate` notes that some of llmPack's metrics have no producer yet: alerts and panels wait for it, nothing is wrong.
    packs: [llmPack(), servicePack(), hostPack(), stackPack(), example],
    // Who is told. Secrets are named here and stand in .env (`import { defineStack, secret } from "obs-stack"`):
    // receivers: { oncall: { slack: [{ webhookUrl: secret("SLACK_WEBHOOK_URL") }] } },
    // route: { receiver: "oncall" },
  },

  // Those that go with the packs above, and your own; the home page leads to each.
  dashboards: withHome(
    ...llmDashboards(),
    ...serviceDashboards(),
    ...hostDashboards(),
    ...stackDashboards(),
    overview,
  ),
});
