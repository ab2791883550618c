import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Span } from "../call.js";
import { decodeJson } from "./otlp/json.js";
import { OtlpError } from "./otlp/otlp-error.js";
import { decodeProtobuf } from "./otlp/protobuf.js";
import { TryLater } from "./writer.js";

/** A body may be so large at most once it is unpacked, in bytes. The collector's batches stay far below. */
const largestBody = 128 * 1024 * 1024;
/** What senders are told to wait, in seconds, when the database can't take it now. */
const retryAfter = 5;

/** What the server asks. */
export interface Handlers {
  /** Resolves when all of it is committed; rejects with TryLater, or what reading the spans throws. */
  take(spans: Iterable<Span>): Promise<{ rejected: number }>;
  /** Why calls can't be taken now; undefined when they can. */
  notReady(): Promise<string | undefined>;
  metrics(): Promise<{ type: string; text: string }>;
  /** Something that should not happen did; the request was answered with 500. */
  surprised(error: unknown): void;
}

/** OTLP over HTTP (`POST /v1/traces`), `GET /ready`, `GET /metrics`. */
export function ledgerServer(handlers: Handlers): Server {
  // Longer than senders keep a connection: they must be the ones who close it, else a request meets a closed one.
  return createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(request, response, handlers).catch((error: unknown) => {
      if (!response.headersSent) say(response, ...statusOf(error));
      else response.destroy();
      if (!(error instanceof Refused || error instanceof TryLater || error instanceof OtlpError))
        handlers.surprised(error);
    });
  });
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, handlers: Handlers): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path === "/v1/traces") {
    if (request.method !== "POST") throw new Refused(405, "send traces by POST");
    await takeTraces(request, response, handlers);
  } else if (path === "/ready") {
    const why = await handlers.notReady();
    say(response, why === undefined ? 200 : 503, why ?? "ready");
  } else if (path === "/metrics") {
    const { type, text } = await handlers.metrics();
    response.writeHead(200, { "content-type": type }).end(text);
  } else throw new Refused(404, "there is nothing here");
}

async function takeTraces(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Handlers,
): Promise<void> {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]!.trim();
  const isJson = type === "application/json";
  if (!isJson && type !== "application/x-protobuf")
    throw new Refused(415, `can't read ${type || "a body without type"}`);
  // Neither the body nor its spans have a name here: they are let go while what was made of them waits.
  const { rejected } = await handlers.take(decode(await bodyOf(request), isJson));
  // An empty message is a full success; a partial one is told apart in its first field.
  if (isJson) {
    response.writeHead(200, { "content-type": type });
    response.end(JSON.stringify(rejected > 0 ? { partialSuccess: { rejectedSpans: String(rejected) } } : {}));
  } else {
    response.writeHead(200, { "content-type": type });
    response.end(rejected > 0 ? partialSuccess(rejected) : undefined);
  }
}

function decode(body: Buffer, isJson: boolean): Iterable<Span> {
  return isJson ? decodeJson(body.toString("utf8")) : decodeProtobuf(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "gzip" && encoding !== "identity") throw new Refused(415, `can't unpack ${encoding}`);
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (stream: AsyncIterable<Buffer>) => {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > largestBody) throw new Refused(413, `more than ${largestBody} bytes`);
      chunks.push(chunk);
    }
  };
  try {
    if (encoding === "gzip") await pipeline(request, createGunzip(), collect);
    else await collect(request);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new OtlpError(`a body that can't be read: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks);
}

/** `ExportTraceServiceResponse { partial_success { rejected_spans } }` */
function partialSuccess(rejected: number): Buffer {
  const varint: number[] = [];
  for (let rest = rejected; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      varint.push(rest);
      break;
    }
    varint.push((rest % 128) + 128);
  }
  return Buffer.from([0x0a, varint.length + 1, 0x08, ...varint]);
}

function statusOf(error: unknown): [status: number, text: string] {
  if (error instanceof Refused) return [error.status, error.message];
  if (error instanceof OtlpError) return [400, `no OTLP: ${error.message}`];
  if (error instanceof TryLater) return [503, error.message];
  return [500, "something went wrong; the log says what"];
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    ...(status === 503 && { "retry-after": String(retryAfter) }),
    // A body that was not read to its end leaves the connection unusable.
    ...(status >= 400 && { connection: "close" }),
  });
  response.end(`${text}\n`);
}
