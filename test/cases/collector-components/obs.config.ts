import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    "otel-collector": {
      processors: { "filter/health": { traces: { span: ['name == "health"'] } } },
      connectors: { "count/errors": {} },
      exporters: { "otlp_http/loki": { sending_queue: { storage: "file_storag" } } },
      service: {
        extensions: ["health_check", "pprof"],
        pipelines: {
          logs: { processors: ["memory_limiter", "fliter/health"] },
          metrics: { exporters: ["otlp_http/prometheus", "count/errors"] },
        },
      },
    },
  },
});
