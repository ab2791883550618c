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
        "otlp_http/tempo": { endpoint: "http://tempo:3200" },
        "otlp_http/metrics": { endpoint: "http://prometheus:9090" },
        "otlp_http/records": { logs_endpoint: "http://loki:3100/v1/logs" },
        "otlp_http/right": { metrics_endpoint: "http://prometheus:9090/api/v1/otlp/v1/metrics" },
      },
      service: {
        pipelines: {
          "traces/more": {
            receivers: ["otlp"],
            exporters: ["otlp_grpc/prometheus", "otlp_grpc/jaeger", "otlp_http/here", "otlp_http/tempo"],
          },
          "metrics/more": { receivers: ["otlp"], exporters: ["otlp_http/metrics", "otlp_http/right"] },
          "logs/more": { receivers: ["otlp"], exporters: ["otlp_http/records"] },
        },
      },
    },
  },
});
