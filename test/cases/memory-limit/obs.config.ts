import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  collector: { memoryLimitMiB: 1024 },
  overrides: {
    compose: { services: { "otel-collector": { mem_limit: "1g" } } },
    "otel-collector": { processors: { memory_limiter: { spike_limit_mib: 1024 } } },
  },
});
