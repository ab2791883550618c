import type { ServiceName } from "./services/service.js";

/** A port of the stack: its default number, protocol, and what a person finds there. */
export interface PortInfo {
  /** The service that opens it. */
  service: ServiceName;
  default: number;
  protocol: "tcp" | "udp";
  /** What listens there, in the words used by messages and tables. */
  title: string;
}

/**
 * Every port that any program of the stack opens, so that two never share one when all run on one machine.
 * The definition's `ports` overrides the numbers by these names.
 */
export const ports = {
  otlpGrpc: { service: "otel-collector", default: 4317, protocol: "tcp", title: "OTLP over gRPC" },
  otlpHttp: { service: "otel-collector", default: 4318, protocol: "tcp", title: "OTLP over HTTP" },
  jaegerThriftUdp: {
    service: "otel-collector",
    default: 6831,
    protocol: "udp",
    title: "Jaeger clients, compact thrift",
  },
  jaegerThriftHttp: {
    service: "otel-collector",
    default: 14268,
    protocol: "tcp",
    title: "Jaeger clients, thrift over HTTP",
  },
  jaegerGrpc: { service: "otel-collector", default: 14250, protocol: "tcp", title: "Jaeger clients, gRPC" },
  zipkin: { service: "otel-collector", default: 9411, protocol: "tcp", title: "Zipkin clients" },
  collectorHealth: { service: "otel-collector", default: 13133, protocol: "tcp", title: "collector health" },
  collectorMetrics: {
    service: "otel-collector",
    default: 8888,
    protocol: "tcp",
    title: "collector's own metrics",
  },
  prometheus: { service: "prometheus", default: 9090, protocol: "tcp", title: "Prometheus" },
  alertmanager: { service: "alertmanager", default: 9093, protocol: "tcp", title: "Alertmanager" },
  loki: { service: "loki", default: 3100, protocol: "tcp", title: "Loki" },
  lokiGrpc: { service: "loki", default: 9095, protocol: "tcp", title: "Loki, internal gRPC" },
  tempo: { service: "tempo", default: 3200, protocol: "tcp", title: "Tempo" },
  tempoGrpc: { service: "tempo", default: 9096, protocol: "tcp", title: "Tempo, internal gRPC" },
  tempoGossip: { service: "tempo", default: 7946, protocol: "tcp", title: "Tempo, membership (itself only)" },
  tempoOtlpGrpc: {
    service: "tempo",
    default: 14317,
    protocol: "tcp",
    title: "Tempo, spans from the collector",
  },
  jaeger: { service: "jaeger", default: 16686, protocol: "tcp", title: "Jaeger" },
  jaegerQueryGrpc: { service: "jaeger", default: 16685, protocol: "tcp", title: "Jaeger, query gRPC" },
  jaegerAdmin: { service: "jaeger", default: 14269, protocol: "tcp", title: "Jaeger, health and metrics" },
  jaegerOtlpGrpc: {
    service: "jaeger",
    default: 14319,
    protocol: "tcp",
    title: "Jaeger, spans from the collector",
  },
  jaegerOtlpHttp: {
    service: "jaeger",
    default: 14320,
    protocol: "tcp",
    title: "Jaeger, OTLP over HTTP (unused)",
  },
  jaegerLegacyGrpc: {
    service: "jaeger",
    default: 14251,
    protocol: "tcp",
    title: "Jaeger, own gRPC intake (unused)",
  },
  jaegerLegacyHttp: {
    service: "jaeger",
    default: 14271,
    protocol: "tcp",
    title: "Jaeger, own HTTP intake (unused)",
  },
  grafana: { service: "grafana", default: 3000, protocol: "tcp", title: "Grafana" },
  preview: { service: "preview", default: 3300, protocol: "tcp", title: "preview of dashboards" },
  nodeExporter: { service: "node-exporter", default: 9100, protocol: "tcp", title: "node-exporter" },
  // Not 5432: many a machine has a PostgreSQL of its own.
  postgres: { service: "postgres", default: 5433, protocol: "tcp", title: "PostgreSQL of the ledger" },
  ledger: { service: "llm-ledger", default: 4319, protocol: "tcp", title: "ledger of model calls" },
} as const satisfies Record<string, PortInfo>;

/** Name of a port, as used in the definition's `ports`. */
export type PortName = keyof typeof ports;

/** All port names in a fixed order. */
export const portNames = Object.keys(ports) as PortName[];

/** The number of a port in a definition: its own, or the usual one. */
export function portNumber(stack: { ports: { [name in PortName]?: number } }, name: PortName): number {
  return stack.ports[name] ?? ports[name].default;
}

/** `host:port`, with the brackets that IPv6 needs. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
