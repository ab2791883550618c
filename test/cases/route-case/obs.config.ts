import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: {
    receivers: {
      oncall: { webhook: [{ url: "http://127.0.0.1:8081" }] },
      search: { webhook: [{ url: "http://127.0.0.1:8082" }] },
      archive: { webhook: [{ url: "http://127.0.0.1:8083" }] },
    },
    route: {
      receiver: "archive",
      routes: [
        { matchers: ['severity="critical"'], receiver: "oncall" },
        { matchers: ['team="search"'], receiver: "search" },
      ],
    },
    routeCases: [
      { labels: { severity: "critical" }, receivers: ["oncall"] },
      { labels: { severity: "critical", team: "search" }, receivers: ["oncall", "search"] },
      { labels: { team: "search" }, receivers: ["search"] },
      { labels: {}, receivers: [] },
    ],
  },
});
