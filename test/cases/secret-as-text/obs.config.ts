import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  otlp: { token: "hunter2-the-token" },
  alerting: {
    receivers: {
      oncall: { slack: [{ webhookUrl: "https://hooks.example.org/hunter2" }], pagerduty: [{ routingKey: "hunter2" }] },
    },
  },
});
