import { defineStack } from "obs-stack";

const webhook = [{ url: "http://localhost:9/" }];

export default defineStack({
  name: "shop",
  alerting: {
    rules: ["rules.yml"],
    receivers: { oncall: { webhook }, team: { webhook } },
    route: {
      routes: [
        { matchers: ['severity="critical"'], receiver: "oncall", continue: true },
        { matchers: ['severity="critical"', 'team="shop"'], receiver: "team" },
      ],
    },
  },
});
