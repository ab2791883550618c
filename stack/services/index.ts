import { alertmanager } from "./alertmanager.js";
import { grafana } from "./grafana.js";
import { jaeger } from "./jaeger.js";
import { llmLedger } from "./llm-ledger.js";
import { loki } from "./loki.js";
import { nodeExporter } from "./node-exporter.js";
import { otelCollector } from "./otel-collector.js";
import { postgres } from "./postgres.js";
import { preview } from "./preview.js";
import { prometheus } from "./prometheus.js";
import type { Service, ServiceName } from "./service.js";
import { tempo } from "./tempo.js";

/** The services by name, in the order in which people think of them. */
export const services: Record<ServiceName, Service> = {
  "otel-collector": otelCollector,
  prometheus,
  alertmanager,
  loki,
  tempo,
  jaeger,
  grafana,
  "node-exporter": nodeExporter,
  postgres,
  "llm-ledger": llmLedger,
  preview,
};
