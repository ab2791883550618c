import { type Attribute, type AttributeValue, fullTraceId, type Span, type Trace } from "./trace.js";

/** A value as OTLP's JSON writes it: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  bytesValue?: string;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
}

interface KeyValue {
  key: string;
  value?: AnyValue;
}

interface OtlpSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  kind?: string | number;
  startTimeUnixNano?: string;
  endTimeUnixNano?: string;
  attributes?: KeyValue[];
  events?: { timeUnixNano?: string; name?: string; attributes?: KeyValue[] }[];
  links?: { traceId?: string; spanId?: string }[];
  status?: { code?: string | number; message?: string };
}

interface ResourceSpans {
  resource?: { attributes?: KeyValue[] };
  scopeSpans?: { scope?: { name?: string }; spans?: OtlpSpan[] }[];
}

/** What Tempo answers: at `/api/traces/<id>` the batches, at `/api/v2/traces/<id>` the trace within. */
export interface OtlpTrace {
  batches?: ResourceSpans[];
  resourceSpans?: ResourceSpans[];
  trace?: OtlpTrace;
}

const kinds = ["", "internal", "server", "client", "producer", "consumer"];

/** A trace in OTLP's JSON, with ids in hexadecimal digits or, as Tempo sends them, in base64. */
export function traceFromOtlp(answer: OtlpTrace, traceId: string): Trace {
  const { batches, resourceSpans } = answer.trace ?? answer;
  return {
    traceId: fullTraceId(traceId),
    spans: (resourceSpans ?? batches ?? []).flatMap(({ resource, scopeSpans = [] }) => {
      const about = attributes(resource?.attributes);
      return scopeSpans.flatMap(({ scope, spans = [] }) =>
        spans.map((span) => spanFromOtlp(span, about, scope?.name ?? "")),
      );
    }),
  };
}

function spanFromOtlp(span: OtlpSpan, resource: Attribute[], scope: string): Span {
  const { status, kind, events = [], links = [] } = span;
  const start = milliseconds(span.startTimeUnixNano);
  return {
    spanId: hexId(span.spanId, 16),
    parentId: hexId(span.parentSpanId, 16),
    service: String(resource.find(({ name }) => name === "service.name")?.value ?? "unknown"),
    name: span.name ?? "",
    start,
    duration: Math.max(0, milliseconds(span.endTimeUnixNano) - start),
    kind:
      typeof kind === "number" ? (kinds[kind] ?? "") : (kind ?? "").replace("SPAN_KIND_", "").toLowerCase(),
    failed: status?.code === 2 || status?.code === "STATUS_CODE_ERROR",
    statusMessage: status?.message ?? "",
    attributes: attributes(span.attributes),
    resource,
    events: events.map((event) => ({
      time: milliseconds(event.timeUnixNano),
      name: event.name ?? "event",
      attributes: attributes(event.attributes),
    })),
    links: links.map((link) => ({ traceId: hexId(link.traceId, 32), spanId: hexId(link.spanId, 16) })),
    scope,
  };
}

/** Nanoseconds are longer than a number is exact: the digits behind milliseconds are added after. */
function milliseconds(nanoseconds: string | number = "0"): number {
  const digits = String(nanoseconds).padStart(7, "0");
  return Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6;
}

function hexId(id: string | undefined, digits: number): string {
  if (id === undefined || id === "") return "";
  if (id.length === digits && /^[0-9a-f]+$/i.test(id)) return id.toLowerCase();
  const bytes = [...atob(id)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return /^0*$/.test(bytes) ? "" : bytes;
}

const attributes = (pairs: KeyValue[] = []): Attribute[] =>
  pairs.map(({ key, value }) => ({ name: key, value: plain(value) }));

function plain(value: AnyValue = {}): AttributeValue {
  if (value.intValue !== undefined) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : String(value.intValue);
  }
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  if (value.kvlistValue)
    return Object.fromEntries((value.kvlistValue.values ?? []).map((pair) => [pair.key, plain(pair.value)]));
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? "";
}
