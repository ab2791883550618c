import type { AttributeValue, Span } from "../../llm/call.js";

/** Spans as OTLP's JSON, a resource each. */
export function otlpJson(spans: readonly Span[]): object {
  return {
    resourceSpans: spans.map((span) => ({
      resource: { attributes: keyValues(span.resource) },
      scopeSpans: [
        {
          scope: { name: span.scope },
          spans: [
            {
              traceState: span.traceState,
              traceId: span.traceId,
              spanId: span.spanId,
              parentSpanId: span.parentSpanId,
              name: span.name,
              startTimeUnixNano: nanos(span.startMs),
              endTimeUnixNano: nanos(span.endMs),
              attributes: keyValues(sentAttributes(span)),
              status: { code: span.failed ? 2 : 0, message: span.statusMessage },
              events:
                span.exceptionType === undefined
                  ? []
                  : [
                      {
                        name: "exception",
                        attributes: keyValues(new Map([["exception.type", span.exceptionType]])),
                      },
                    ],
            },
          ],
        },
      ],
    })),
  };
}

/** With those that nobody reads. */
function sentAttributes({ attributes, unread = [] }: Span): [string, AttributeValue][] {
  return [...attributes, ...unread.map((name): [string, AttributeValue] => [name, "unread"])];
}

function keyValues(attributes: Iterable<[string, AttributeValue]>): object[] {
  return [...attributes].map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1e3)) * 1000n);
}

/** The same as protobuf's wire format. */
export function otlpProtobuf(spans: readonly Span[]): Buffer {
  return Buffer.concat(
    spans.map((span) =>
      message(
        1,
        message(1, ...[...span.resource].map((attribute) => keyValue(1, attribute))),
        message(
          2,
          message(1, bytes(1, Buffer.from(span.scope))),
          message(
            2,
            bytes(3, Buffer.from(span.traceState)),
            bytes(1, Buffer.from(span.traceId, "hex")),
            bytes(2, Buffer.from(span.spanId, "hex")),
            bytes(4, Buffer.from(span.parentSpanId, "hex")),
            bytes(5, Buffer.from(span.name)),
            fixed64(7, BigInt(nanos(span.startMs))),
            fixed64(8, BigInt(nanos(span.endMs))),
            ...sentAttributes(span).map((attribute) => keyValue(9, attribute)),
            ...(span.exceptionType === undefined
              ? []
              : [
                  message(
                    11,
                    bytes(2, Buffer.from("exception")),
                    keyValue(3, ["exception.type", span.exceptionType]),
                  ),
                ]),
            message(15, bytes(2, Buffer.from(span.statusMessage)), number(3, span.failed ? 2n : 0n)),
          ),
        ),
      ),
    ),
  );
}

function keyValue(field: number, [key, value]: [string, AttributeValue]): Buffer {
  return message(field, bytes(1, Buffer.from(key)), message(2, protobufValue(value)));
}

function protobufValue(value: AttributeValue): Buffer {
  if (typeof value === "string") return bytes(1, Buffer.from(value));
  if (typeof value === "boolean") return number(2, value ? 1n : 0n);
  if (typeof value === "number") {
    if (Number.isInteger(value)) return number(3, BigInt(value));
    const double = Buffer.alloc(9);
    double[0] = (4 << 3) | 1;
    double.writeDoubleLE(value, 1);
    return double;
  }
  return message(5, ...value.map((item) => message(1, protobufValue(item))));
}

function message(field: number, ...parts: Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts));
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(content.length)), content]);
}

function number(field: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt(field << 3)), varint(BigInt.asUintN(64, value))]);
}

function fixed64(field: number, value: bigint): Buffer {
  const buffer = Buffer.alloc(9);
  buffer[0] = (field << 3) | 1;
  buffer.writeBigUInt64LE(value, 1);
  return buffer;
}

function varint(value: bigint): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return Buffer.from(out);
}
