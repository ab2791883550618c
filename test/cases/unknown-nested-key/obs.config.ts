import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  traces: { sampling: { keepPercents: 5, mode: "always" } },
  alerting: { route: { routes: [{ matchers: ['team="a"'], groupWat: "1m" }] } },
});
