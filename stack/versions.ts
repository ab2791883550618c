/**
 * Every pinned version of the stack, in one place. Programs built from source take the same version as the image,
 * so that both runtimes run the same code (their go.mod under stack/toolchain/ must agree; a test holds them together).
 */
export const versions = {
  otelcol: "0.155.0",
  prometheus: "3.15.0",
  alertmanager: "0.28.1",
  loki: "3.7.8",
  tempo: "3.0.3",
  jaeger: "1.62.0",
  grafana: "13.2.0",
  nodeExporter: "1.12.1",
  postgres: "18.4",
  node: "20.20.2",
  compose: "2.40.3",
  telemetrygen: "0.155.0",
} as const;

/** Container images, without a registry: `images.registry` of the definition goes in front when a mirror is used. */
export const images = {
  "otel-collector": `otel/opentelemetry-collector-contrib:${versions.otelcol}`,
  prometheus: `prom/prometheus:v${versions.prometheus}`,
  alertmanager: `prom/alertmanager:v${versions.alertmanager}`,
  loki: `grafana/loki:${versions.loki}`,
  tempo: `grafana/tempo:${versions.tempo}`,
  jaeger: `jaegertracing/all-in-one:${versions.jaeger}`,
  grafana: `grafana/grafana:${versions.grafana}`,
  "node-exporter": `prom/node-exporter:v${versions.nodeExporter}`,
  postgres: `postgres:${versions.postgres}-bookworm`,
  "llm-ledger": `node:${versions.node}-bookworm-slim`,
  // It never runs in a container: it reads the project's own files, at each save.
  preview: `node:${versions.node}-bookworm-slim`,
} as const;
