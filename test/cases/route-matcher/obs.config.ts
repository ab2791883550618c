import { defineStack } from "obs-stack";

const webhook = [{ url: "http://localhost:9/" }];

export default defineStack({
  name: "shop",
  alerting: {
    rules: ["rules.yml"],
    receivers: { oncall: { webhook }, team: { webhook } },
    route: {
      receiver: "oncall",
      routes: [
        { matchers: ['severity="critcal"'], receiver: "oncall" },
        { matchers: ['severity=~"warning|info"', 'team=~"shop|platfrom"'], receiver: "team" },
        { matchers: ['team="search"'], receiver: "team" },
        { matchers: ['alertname="PrometheusDwn"'], receiver: "team" },
        { matchers: ['exporter="otlp_http/loki"'], receiver: "team" },
        { matchers: ['team!="shop"'], receiver: "team" },
        { matchers: ['taem="shop"'], receiver: "team" },
        { matchers: ['severity=="critical"'], receiver: "team" },
        { matchers: ['severity=~"(warning"'], receiver: "team" },
      ],
    },
  },
});
