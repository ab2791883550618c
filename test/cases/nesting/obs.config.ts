import { defineStack } from "obs-stack";

// The on-call team is asked about its own alerts, again and again.
const oncall = { matchers: ['severity="critical"'], receiver: "oncall", routes: [] as object[] };
oncall.routes.push({ matchers: ['team="search"'], routes: [oncall] });

export default defineStack({
  name: "shop",
  grafana: { enabled: false },
  alerting: {
    receivers: { oncall: { webhook: [{ url: "https://example.org/hook" }] } },
    route: { receiver: "oncall", routes: [oncall] },
  },
});
