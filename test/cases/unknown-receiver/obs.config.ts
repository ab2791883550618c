import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: {
    receivers: {
      oncall: { webhook: [{ url: "http://localhost:9/" }] },
      team: { webhook: [{ url: "http://localhost:9/" }] },
    },
    route: {
      receiver: "oncal",
      routes: [{ matchers: ['team="a"'], receiver: "team", routes: [{ matchers: ['severity="critical"'], receiver: "oncall" }, { receiver: "everybody" }] }],
    },
  },
});
