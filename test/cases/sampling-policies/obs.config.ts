import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    "otel-collector": {
      processors: {
        tail_sampling: {
          policies: [
            { name: "errors", type: "status-code", status_code: { status_codes: ["ERROR"] } },
            { name: "slow", type: "latency" },
            { name: "slow", type: "span_count", span_count: { min_spans: 100 } },
            { name: "rest", type: "probabilistic", probabilistic: { sampling_percentage: 250 } },
          ],
        },
      },
    },
  },
});
