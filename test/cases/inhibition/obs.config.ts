import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: { rules: ["rules.yml"], receivers: { oncall: { webhook: [{ url: "http://localhost:9/" }] } } },
  overrides: {
    alertmanager: {
      inhibit_rules: [
        { source_matchers: ['team="shop"'], target_matchers: ['team="shop"'], equal: ["job"] },
        { source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'] },
        { source_matchers: ['severity="critical"'], target_matchers: ['severity="warnin"'], equal: ["team"] },
        { source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: ["teem"] },
        { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|critical"'], equal: ["team"] },
        { source_matchers: ['team="shop'], target_matchers: ['severity="warning"'], equal: ["team"] },
        { target_matchers: ['severity="warning"'], equal: ["team"] },
        { source_match: { severity: "critical" }, target_match: { severity: "warning" }, equal: ["team"] },
      ],
    },
  },
});
