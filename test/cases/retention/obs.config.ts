import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  traces: { retention: "12h" },
  metrics: { retention: "1d", outOfOrder: "2d" },
  logs: { retention: "30d" },
  overrides: {
    loki: {
      compactor: { retention_enabled: false },
      limits_config: { max_query_lookback: "7d", reject_old_samples_max_age: "60d" },
    },
  },
});
