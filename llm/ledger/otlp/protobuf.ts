import type { AttributeValue, Span } from "../../call.js";
import { isReadName, looksLikeCall } from "../../semconv.js";
import { OtlpError } from "./otlp-error.js";

/**
 * The spans of an `ExportTraceServiceRequest` in protobuf's wire format, field numbers by opentelemetry-proto 1.7
 * (https://github.com/open-telemetry/opentelemetry-proto). Only what the ledger reads is decoded, which is most of why
 * this isn't a generated decoder. Throws an {@link OtlpError} for what is none.
 */
export function decodeProtobuf(body: Buffer): Span[] {
  const spans: Span[] = [];
  for (const request of fields(body, 0, body.length)) {
    if (request.number === 1) readResourceSpans(body, request, spans);
  }
  return spans;
}

/** One field of a message: a number, or a part of the body. */
interface Field {
  number: number;
  wire: number;
  /** Of varints and fixed64: as a double. */
  value: number;
  /** Of what has a length: where it stands. */
  start: number;
  end: number;
}

function readResourceSpans(body: Buffer, { start, end }: Field, spans: Span[]): void {
  const resource = new Map<string, AttributeValue>();
  for (const field of fields(body, start, end)) {
    if (field.number === 1)
      for (const each of fields(body, field.start, field.end))
        if (each.number === 1) readAttribute(body, each, resource);
  }
  for (const scope of fields(body, start, end)) {
    if (scope.number !== 2) continue;
    let name = "";
    // The scope's own message stands before its spans.
    for (const each of fields(body, scope.start, scope.end))
      if (each.number === 1) name = scopeName(body, each);
      else if (each.number === 2) spans.push(readSpan(body, each, resource, name));
  }
}

function scopeName(body: Buffer, { start, end }: Field): string {
  const name = fields(body, start, end).find(({ number }) => number === 1);
  return name === undefined ? "" : body.toString("utf8", name.start, name.end);
}

function readSpan(
  body: Buffer,
  { start, end }: Field,
  resource: Map<string, AttributeValue>,
  scope: string,
): Span {
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
  for (const field of fields(body, start, end)) {
    if (field.number === 1) span.traceId = body.toString("hex", field.start, field.end);
    else if (field.number === 2) span.spanId = body.toString("hex", field.start, field.end);
    else if (field.number === 3) span.traceState = body.toString("utf8", field.start, field.end);
    else if (field.number === 4) span.parentSpanId = body.toString("hex", field.start, field.end);
    else if (field.number === 5) span.name = body.toString("utf8", field.start, field.end);
    else if (field.number === 7) span.startMs = field.value / 1e6;
    else if (field.number === 8) span.endMs = field.value / 1e6;
    else if (field.number === 9) readAttribute(body, field, attributes, unread);
    else if (field.number === 11) {
      const type = exceptionType(body, field);
      if (type !== undefined) span.exceptionType = type;
    } else if (field.number === 15)
      for (const each of fields(body, field.start, field.end)) {
        if (each.number === 2) span.statusMessage = body.toString("utf8", each.start, each.end);
        else if (each.number === 3) span.failed = each.value === 2;
      }
  }
  if (unread.length > 0) span.unread = unread;
  return span;
}

/** `exception.type` of an event; undefined for events of other kinds. */
function exceptionType(body: Buffer, { start, end }: Field): string | undefined {
  const attributes = new Map<string, AttributeValue>();
  for (const field of fields(body, start, end)) {
    if (field.number === 2 && body.toString("utf8", field.start, field.end) !== "exception") return undefined;
    if (field.number === 3) readAttribute(body, field, attributes);
  }
  const type = attributes.get("exception.type");
  return typeof type === "string" ? type : undefined;
}

function readAttribute(
  body: Buffer,
  { start, end }: Field,
  into: Map<string, AttributeValue>,
  unread?: string[],
): void {
  let key = "";
  let value: Field | undefined;
  for (const field of fields(body, start, end)) {
    if (field.number === 1) key = body.toString("utf8", field.start, field.end);
    else if (field.number === 2) value = field;
  }
  // Names come before values, but needn't. What nobody asks for, prompts above all, isn't even decoded.
  if (isReadName(key)) {
    const read = value && readValue(body, value, 0);
    if (read !== undefined) into.set(key, read);
  } else if (unread && looksLikeCall(key)) unread.push(key);
}

function readValue(body: Buffer, { start, end }: Field, depth: number): AttributeValue | undefined {
  for (const field of fields(body, start, end)) {
    if (field.number === 1) return body.toString("utf8", field.start, field.end);
    if (field.number === 2) return field.value !== 0;
    if (field.number === 3) return field.value;
    if (field.number === 4) return body.readDoubleLE(field.start);
    if (field.number === 5 && depth < 4) {
      const items: AttributeValue[] = [];
      for (const each of fields(body, field.start, field.end)) {
        const item = each.number === 1 ? readValue(body, each, depth + 1) : undefined;
        if (item !== undefined) items.push(item);
      }
      return items;
    }
    return undefined;
  }
  return undefined;
}

/** The fields of a message that stands between two places. */
function fields(body: Buffer, from: number, to: number): Field[] {
  const found: Field[] = [];
  let at = from;
  while (at < to) {
    const tag = varint();
    const field: Field = { number: Math.floor(tag / 8), wire: tag % 8, value: 0, start: 0, end: 0 };
    if (field.wire === 0) field.value = varint();
    else if (field.wire === 1) {
      field.start = at;
      field.end = take(8);
      field.value = body.readUInt32LE(field.start + 4) * 2 ** 32 + body.readUInt32LE(field.start);
    } else if (field.wire === 2) {
      const length = varint();
      field.start = at;
      field.end = take(length);
    } else if (field.wire === 5) {
      field.start = at;
      field.end = take(4);
      field.value = body.readUInt32LE(field.start);
    } else throw new OtlpError(`wire type ${field.wire} at byte ${at}`);
    if (field.number === 0) throw new OtlpError(`field 0 at byte ${at}`);
    found.push(field);
  }
  return found;

  function take(length: number): number {
    if (!(length >= 0) || at + length > to) throw new OtlpError(`a message that ends early, at byte ${at}`);
    at += length;
    return at;
  }

  /** Exact up to 2^53; larger ones are rounded, and those with the highest bit are negative. */
  function varint(): number {
    let value = 0;
    let scale = 1;
    for (let bytes = 0; bytes < 10; bytes++) {
      if (at >= to) throw new OtlpError(`a message that ends early, at byte ${at}`);
      const byte = body[at++]!;
      // Two's complement: the tenth byte holds nothing but the sign.
      if (bytes === 9) return signed(body, at - 10);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new OtlpError(`a number without end, at byte ${at}`);
  }
}

function signed(body: Buffer, at: number): number {
  let value = 0n;
  for (let byte = 0; byte < 10; byte++) value |= BigInt(body[at + byte]! & 0x7f) << BigInt(7 * byte);
  return Number(BigInt.asIntN(64, value));
}
