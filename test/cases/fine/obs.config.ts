import { defineStack, secret } from "obs-stack";

// Nothing to report here: everything that is referred to is there.
export default defineStack({
  name: "shop",
  otlp: { token: secret("OTLP_TOKEN") },
  scrapeJobs: [{ job: "api", files: ["targets/api.json"] }],
  alerting: {
    rules: ["rules/*.yml"],
    receivers: {
      oncall: { webhook: [{ url: "http://localhost:9/" }] },
      team: { webhook: [{ url: "http://localhost:9/" }] },
    },
    route: { receiver: "oncall", routes: [{ matchers: ['team="a"'], receiver: "team" }] },
  },
});
