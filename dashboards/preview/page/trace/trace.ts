/** A trace, whatever store it came from. */
export interface Trace {
  traceId: string;
  /** In no order. */
  spans: Span[];
}

/** A piece of work. Times in milliseconds, with fraction. */
export interface Span {
  spanId: string;
  /** Empty at a root. */
  parentId: string;
  service: string;
  name: string;
  /** Since 1970. */
  start: number;
  duration: number;
  /** `server`, `client`, `producer`, `consumer`, `internal`, or empty. */
  kind: string;
  failed: boolean;
  statusMessage: string;
  attributes: Attribute[];
  resource: Attribute[];
  events: SpanEvent[];
  links: { traceId: string; spanId: string }[];
  /** Name of the instrumentation that made it, or empty. */
  scope: string;
}

/** By the names of OpenTelemetry's conventions. */
export interface Attribute {
  name: string;
  value: AttributeValue;
}

export type AttributeValue =
  | string
  | number
  | boolean
  | AttributeValue[]
  | { [name: string]: AttributeValue };

/** Something that happened within a span. */
export interface SpanEvent {
  /** Milliseconds since 1970. */
  time: number;
  name: string;
  attributes: Attribute[];
}

/** A value as people read it. */
export function written(value: AttributeValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Ids of traces as OpenTelemetry writes them: 32 hexadecimal digits. Jaeger leaves zeros in front out. */
export const fullTraceId = (id: string) =>
  /^[0-9a-f]+$/i.test(id) ? id.toLowerCase().padStart(32, "0") : id;
