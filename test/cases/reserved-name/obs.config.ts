import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  collector: {
    exporters: {
      prometheus: { type: "otlp", endpoint: "https://example.org" },
      loki: { type: "file", name: "loki.jsonl" },
    },
  },
  alerting: { receivers: { nobody: {} } },
});
