import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    "otel-collector": {
      receivers: { "otlp/second": { protocols: { http: { endpoint: "0.0.0.0:4318" } } } },
      service: { pipelines: { logs: { receivers: ["otlp", "otlp/second"] } } },
    },
  },
});
