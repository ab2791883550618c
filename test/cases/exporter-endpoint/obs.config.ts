import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  collector: {
    exporters: {
      circle: { type: "otlp", endpoint: "http://localhost:4318", signals: ["traces"] },
      elsewhere: { type: "otlp", endpoint: "https://otel.example.org", signals: ["traces"] },
    },
  },
  overrides: {
    "otel-collector": {
      exporters: {
        "otlp_grpc/tempo": { endpoint: "tempo:4317" },
        "otlp_http/loki": { endpoint: "http://loki:3101/otlp" },
        "otlp_grpc/prometheus": { endpoint: "prometheus:9090" },
        "otlp_grpc/jaeger": { endpoint: "jaeger:14319" },
        "otlp_http/here": { endpoint: "http://localhost:9999" },
      },
      service: {
        pipelines: {
          "traces/more": {
            receivers: ["otlp"],
            exporters: ["otlp_grpc/prometheus", "otlp_grpc/jaeger", "otlp_http/here"],
          },
        },
      },
    },
  },
});
