import type { AttributeValue, Span } from "../../call.js";
import { isReadName, looksLikeCall } from "../../semconv.js";
import { OtlpError } from "./otlp-error.js";

/**
 * The spans of an `ExportTraceServiceRequest` in OTLP's JSON: ids in hexadecimal, 64-bit numbers as text.
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) Throws an {@link OtlpError} for what is none.
 */
export function decodeJson(body: string): Span[] {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch (error) {
    throw new OtlpError(`no JSON: ${(error as Error).message}`);
  }
  if (!isObject(request)) throw new OtlpError("no object");
  return list(request.resourceSpans, "resourceSpans").flatMap((resourceSpans) => {
    const { resource } = resourceSpans;
    const shared = attributesOf(isObject(resource) ? resource.attributes : undefined);
    return list(resourceSpans.scopeSpans, "scopeSpans").flatMap(({ scope, spans }) => {
      const name = isObject(scope) ? text(scope.name) : "";
      return list(spans, "spans").map((span) => readSpan(span, shared, name));
    });
  });
}

type Json = Record<string, unknown>;

function readSpan(span: Json, resource: Map<string, AttributeValue>, scope: string): Span {
  const unread: string[] = [];
  const status = isObject(span.status) ? span.status : {};
  const exception = list(span.events, "events").findLast(({ name }) => name === "exception");
  const type = exception && attributesOf(exception.attributes).get("exception.type");
  return {
    traceId: text(span.traceId),
    spanId: text(span.spanId),
    parentSpanId: text(span.parentSpanId),
    name: text(span.name),
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
    failed: status.code === 2 || status.code === "STATUS_CODE_ERROR",
    statusMessage: text(status.message),
    attributes: attributesOf(span.attributes, unread),
    resource,
    scope,
    traceState: text(span.traceState),
    ...(unread.length > 0 && { unread }),
    ...(typeof type === "string" && { exceptionType: type }),
  };
}

function attributesOf(value: unknown, unread: string[] = []): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const { key, value: each } of list(value, "attributes")) {
    if (typeof key !== "string") continue;
    if (!isReadName(key)) {
      if (looksLikeCall(key)) unread.push(key);
      continue;
    }
    const read = anyValue(each, 0);
    if (read !== undefined) attributes.set(key, read);
  }
  return attributes;
}

function anyValue(value: unknown, depth: number): AttributeValue | undefined {
  if (!isObject(value)) return undefined;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value;
  if (typeof stringValue === "string") return stringValue;
  if (typeof boolValue === "boolean") return boolValue;
  if (typeof intValue === "string" || typeof intValue === "number") return Number(intValue);
  if (typeof doubleValue === "string" || typeof doubleValue === "number") return Number(doubleValue);
  if (!isObject(arrayValue) || depth >= 4) return undefined;
  return list(arrayValue.values, "values")
    .map((each) => anyValue(each, depth + 1))
    .filter((each) => each !== undefined);
}

function list(value: unknown, name: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new OtlpError(`${name} is no list of objects`);
  return value;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
