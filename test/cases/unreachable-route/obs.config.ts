import { defineStack } from "obs-stack";

const webhook = [{ url: "http://localhost:9/" }];

export default defineStack({
  name: "shop",
  alerting: {
    receivers: { oncall: { webhook }, team: { webhook }, archive: { webhook } },
    route: {
      receiver: "oncall",
      routes: [
        { receiver: "archive", continue: true },
        { matchers: ['severity=~"warning|info"'], receiver: "team" },
        { matchers: ['severity="info"', 'team="shop"'], receiver: "archive" },
        {
          matchers: ['severity="critical"'],
          receiver: "oncall",
          routes: [{ matchers: ['severity="warning"'], receiver: "team" }],
        },
        { receiver: "team" },
        { matchers: ['team="search"'], receiver: "archive" },
      ],
    },
  },
});
