import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: {
    receivers: {
      oncall: { webhook: [{ url: "http://localhost:9/" }] },
      team: { webhook: [{ url: "http://localhost:9/" }] },
    },
    route: { receiver: "oncall" },
  },
});
