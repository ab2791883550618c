/** A port of the stack: its default number, protocol, and what a person finds there. */
export interface PortInfo {
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
  otlpGrpc: { default: 4317, protocol: "tcp", title: "OTLP over gRPC" },
  otlpHttp: { default: 4318, protocol: "tcp", title: "OTLP over HTTP" },
  jaegerThriftUdp: { default: 6831, protocol: "udp", title: "Jaeger clients, compact thrift" },
  jaegerThriftHttp: { default: 14268, protocol: "tcp", title: "Jaeger clients, thrift over HTTP" },
  jaegerGrpc: { default: 14250, protocol: "tcp", title: "Jaeger clients, gRPC" },
  zipkin: { default: 9411, protocol: "tcp", title: "Zipkin clients" },
  collectorHealth: { default: 13133, protocol: "tcp", title: "collector health" },
  collectorMetrics: { default: 8888, protocol: "tcp", title: "collector's own metrics" },
  prometheus: { default: 9090, protocol: "tcp", title: "Prometheus" },
  alertmanager: { default: 9093, protocol: "tcp", title: "Alertmanager" },
  loki: { default: 3100, protocol: "tcp", title: "Loki" },
  lokiGrpc: { default: 9095, protocol: "tcp", title: "Loki, internal gRPC" },
  tempo: { default: 3200, protocol: "tcp", title: "Tempo" },
  tempoGrpc: { default: 9096, protocol: "tcp", title: "Tempo, internal gRPC" },
  tempoOtlpGrpc: { default: 14317, protocol: "tcp", title: "Tempo, spans from the collector" },
  jaeger: { default: 16686, protocol: "tcp", title: "Jaeger" },
  jaegerQueryGrpc: { default: 16685, protocol: "tcp", title: "Jaeger, query gRPC" },
  jaegerAdmin: { default: 14269, protocol: "tcp", title: "Jaeger, health and metrics" },
  jaegerOtlpGrpc: { default: 14319, protocol: "tcp", title: "Jaeger, spans from the collector" },
  grafana: { default: 3000, protocol: "tcp", title: "Grafana" },
  nodeExporter: { default: 9100, protocol: "tcp", title: "node-exporter" },
} as const satisfies Record<string, PortInfo>;

/** Name of a port, as used in the definition's `ports`. */
export type PortName = keyof typeof ports;

/** All port names in a fixed order. */
export const portNames = Object.keys(ports) as PortName[];
