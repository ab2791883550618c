import { createSocket } from "node:dgram";

/** A span as a client of the old Jaeger libraries sends it. Ids in hex, times in microseconds. */
export interface JaegerSpan {
  traceId: string;
  spanId: string;
  operation: string;
  startMicros: number;
  durationMicros: number;
  tags: Record<string, string | boolean>;
}

/** Sends a batch to an agent's UDP port: thrift's compact protocol, `Agent.emitBatch` of jaeger-idl's agent.thrift. */
export async function sendJaegerUdp(port: number, service: string, spans: JaegerSpan[]): Promise<void> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.send(emitBatch(service, spans), port, "127.0.0.1", (error) =>
        error ? reject(error) : resolve(),
      );
    });
  } finally {
    socket.close();
  }
}

function emitBatch(service: string, spans: JaegerSpan[]): Buffer {
  const batch = struct([1, process(service)], [2, list(spans.map(span))]);
  // 0x82: compact protocol; 0x81: version 1, a call that awaits no answer; then the sequence number and the name.
  return Buffer.concat([Buffer.from([0x82, 0x81, 0x00]), text("emitBatch").bytes, struct([1, batch]).bytes]);
}

function process(service: string): Value {
  return struct([1, text(service)]);
}

function span({ traceId, spanId, operation, startMicros, durationMicros, tags }: JaegerSpan): Value {
  return struct(
    [1, i64(BigInt(`0x${traceId.slice(16)}`))],
    [2, i64(BigInt(`0x${traceId.slice(0, 16)}`))],
    [3, i64(BigInt(`0x${spanId}`))],
    [4, i64(0n)],
    [5, text(operation)],
    [7, i32(1)],
    [8, i64(BigInt(startMicros))],
    [9, i64(BigInt(durationMicros))],
    [10, list(Object.entries(tags).map(tag))],
  );
}

function tag([key, value]: [string, string | boolean]): Value {
  return typeof value === "string"
    ? struct([1, text(key)], [2, i32(0)], [3, text(value)])
    : struct([1, text(key)], [2, i32(2)], [5, { type: value ? 1 : 2, bytes: Buffer.alloc(0) }]);
}

/** A value with its type in the compact protocol. */
interface Value {
  type: number;
  bytes: Buffer;
}

/** Fields in rising order of their numbers, which the protocol writes as differences. */
function struct(...fields: [number, Value][]): Value {
  const bytes = fields.flatMap(([number, { type, bytes }], at) => [
    Buffer.from([((number - (fields[at - 1]?.[0] ?? 0)) << 4) | type]),
    bytes,
  ]);
  return { type: 12, bytes: Buffer.concat([...bytes, Buffer.from([0])]) };
}

function list(items: Value[]): Value {
  if (items.length > 14) throw new RangeError("longer lists have another header");
  return {
    type: 9,
    bytes: Buffer.concat([Buffer.from([(items.length << 4) | 12]), ...items.map(({ bytes }) => bytes)]),
  };
}

function text(value: string): Value {
  const bytes = Buffer.from(value, "utf8");
  return { type: 8, bytes: Buffer.concat([varint(BigInt(bytes.length)), bytes]) };
}

function i32(value: number): Value {
  return { type: 5, bytes: varint(zigzag(BigInt(value))) };
}

function i64(value: bigint): Value {
  return { type: 6, bytes: varint(zigzag(BigInt.asIntN(64, value))) };
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
