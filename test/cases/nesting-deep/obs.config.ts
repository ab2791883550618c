import { defineStack, type RouteInput } from "obs-stack";

const nested = (left: number): RouteInput => ({
  matchers: [`level="${left}"`],
  receiver: "oncall",
  ...(left > 0 && { routes: [nested(left - 1)] }),
});

export default defineStack({
  name: "shop",
  grafana: { enabled: false },
  alerting: {
    receivers: { oncall: { webhook: [{ url: "https://example.org/hook" }] } },
    route: { receiver: "oncall", routes: [nested(200)] },
  },
});
