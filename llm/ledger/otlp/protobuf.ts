import type { AttributeValue, Span } from "../../call.js";
import { isReadName, looksLikeCall } from "../../semconv.js";
import { Fields } from "./fields.js";

/**
 * The spans of an `ExportTraceServiceRequest` in protobuf's wire format, field numbers by opentelemetry-proto 1.7
 * (https://github.com/open-telemetry/opentelemetry-proto), one after the other: each may be let go before the next is
 * made. Only what the ledger reads is decoded, which is most of why this isn't a generated decoder. Throws an
 * {@link OtlpError} for what is none, maybe after some spans.
 */
export function* decodeProtobuf(body: Buffer): Generator<Span> {
  const request = new Fields(body);
  while (request.next()) {
    if (request.number !== 1) continue;
    const resource = readResource(request.message());
    const resourceSpans = request.message();
    while (resourceSpans.next()) {
      if (resourceSpans.number !== 2) continue;
      const scope = readScope(resourceSpans.message());
      const scopeSpans = resourceSpans.message();
      while (scopeSpans.next())
        if (scopeSpans.number === 2) yield readSpan(scopeSpans.message(), resource, scope);
    }
  }
}

function readResource(resourceSpans: Fields): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  while (resourceSpans.next()) {
    if (resourceSpans.number !== 1) continue;
    const resource = resourceSpans.message();
    while (resource.next()) if (resource.number === 1) readAttribute(resource.message(), attributes);
  }
  return attributes;
}

/** The name of the instrumentation. */
function readScope(scopeSpans: Fields): string {
  while (scopeSpans.next()) {
    if (scopeSpans.number !== 1) continue;
    const scope = scopeSpans.message();
    while (scope.next()) if (scope.number === 1) return scope.text();
  }
  return "";
}

function readSpan(fields: Fields, resource: Map<string, AttributeValue>, scope: string): Span {
  const attributes = new Map<string, AttributeValue>();
  const unread: string[] = [];
  const span: Span = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    name: "",
    startMs: 0,
    endMs: 0,
    failed: false,
    statusMessage: "",
    attributes,
    resource,
    scope,
    traceState: "",
  };
  while (fields.next()) {
    const { number } = fields;
    if (number === 1) span.traceId = fields.hex();
    else if (number === 2) span.spanId = fields.hex();
    else if (number === 3) span.traceState = fields.text();
    else if (number === 4) span.parentSpanId = fields.hex();
    else if (number === 5) span.name = fields.text();
    else if (number === 7) span.startMs = fields.value / 1e6;
    else if (number === 8) span.endMs = fields.value / 1e6;
    else if (number === 9) readAttribute(fields.message(), attributes, unread);
    else if (number === 11) {
      const type = exceptionType(fields.message());
      if (type !== undefined) span.exceptionType = type;
    } else if (number === 15) {
      const status = fields.message();
      while (status.next()) {
        if (status.number === 2) span.statusMessage = status.text();
        else if (status.number === 3) span.failed = status.value === 2;
      }
    }
  }
  if (unread.length > 0) span.unread = unread;
  return span;
}

/** `exception.type` of an event; undefined for events of other kinds. */
function exceptionType(event: Fields): string | undefined {
  const attributes = new Map<string, AttributeValue>();
  while (event.next()) {
    if (event.number === 2 && event.text() !== "exception") return undefined;
    if (event.number === 3) readAttribute(event.message(), attributes);
  }
  const type = attributes.get("exception.type");
  return typeof type === "string" ? type : undefined;
}

function readAttribute(attribute: Fields, into: Map<string, AttributeValue>, unread?: string[]): void {
  let key = "";
  let value: Fields | undefined;
  while (attribute.next()) {
    if (attribute.number === 1) key = attribute.text();
    else if (attribute.number === 2) value = attribute.message();
  }
  // Names come before values, but needn't. What nobody asks for, prompts above all, isn't even decoded.
  if (isReadName(key)) {
    const read = value && readValue(value, 0);
    if (read !== undefined) into.set(key, read);
  } else if (unread && looksLikeCall(key)) unread.push(key);
}

function readValue(value: Fields, depth: number): AttributeValue | undefined {
  if (!value.next()) return undefined;
  const { number } = value;
  if (number === 1) return value.text();
  if (number === 2) return value.value !== 0;
  if (number === 3) return value.value;
  if (number === 4) return value.double();
  if (number !== 5 || depth >= 4) return undefined;
  const items: AttributeValue[] = [];
  const list = value.message();
  while (list.next()) {
    const item = list.number === 1 ? readValue(list.message(), depth + 1) : undefined;
    if (item !== undefined) items.push(item);
  }
  return items;
}
