import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { type Attributes, metrics, SpanKind } from "@opentelemetry/api";
import { extract, type Owner, withContext } from "../../sdk/index.js";
import { say } from "./say.js";
import { carried, inSpan, requestIdHeader, scope } from "./spans.js";

/** An answer that tells of a failure. */
export class HttpError extends Error {
  override name = "HttpError";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the demo's own programs.
export type Json = any;

/** Answers a request with JSON; undefined stands for an empty answer. */
export type Handler = (body: Json, headers: IncomingHttpHeaders) => Promise<unknown>;

/** What a server does, by `POST /path`. */
export interface ServeOptions {
  /** Base address to listen at. */
  url: string;
  routes: Record<string, Handler>;
  /** For whom a request is, where trace and owner begin. */
  owner?: (headers: IncomingHttpHeaders) => Owner;
}

// Bounds as the conventions advise (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).
const seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Serves JSON on loopback, each request in a server span that continues its caller's trace, with the metrics of
 * OpenTelemetry's HTTP conventions. `GET /ready` answers as soon as it listens, and is nobody's request.
 */
export function serve({ url, routes, owner }: ServeOptions): Promise<void> {
  const meter = metrics.getMeter(scope);
  const duration = meter.createHistogram("http.server.request.duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: seconds },
  });
  const active = meter.createUpDownCounter("http.server.active_requests", { unit: "{request}" });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const method = request.method ?? "GET";
    if (path === "/ready") return void response.end("ready\n");
    const handler = routes[`${method} ${path}`];
    if (!handler) return send(response, 404, { error: "not found" });
    const begun = performance.now();
    const attributes: Attributes = { "http.request.method": method, "url.scheme": "http" };
    const route = { ...attributes, "http.route": path };
    active.add(1, attributes);
    let status = 500;
    try {
      await inSpan(`${method} ${path}`, SpanKind.SERVER, { ...route, "url.path": path }, async (set) => {
        let body: unknown;
        let failure: Error | undefined;
        try {
          body = await handler(await bodyOf(request), request.headers);
          status = body === undefined ? 204 : 200;
        } catch (error) {
          status = error instanceof HttpError ? error.status : 500;
          failure = error as Error;
          body = { error: failure.message };
        }
        set({ "http.response.status_code": status });
        send(response, status, body);
        if (!failure) return;
        say(status < 500 ? "warn" : "error", `${method} ${path} failed`, { error: failure });
        // What the caller did wrong is no failure of this service's.
        if (status >= 500) throw failure;
      });
    } catch {
      // Answered and told above.
    } finally {
      active.add(-1, attributes);
      duration.record((performance.now() - begun) / 1000, { ...route, "http.response.status_code": status });
    }
  };

  const server = createServer((request, response) => {
    const requestId = request.headers[requestIdHeader];
    extract(request.headers, () =>
      withContext(
        { ...(typeof requestId === "string" && { requestId }), ...owner?.(request.headers) },
        () => void answer(request, response).catch(() => response.destroy()),
      ),
    );
  });
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), hostname, resolve);
  });
}

/** Longer than any model takes; in milliseconds. */
const patience = 120_000;

/** Asks another program of the demo, in a client span. Throws an {@link HttpError} where it refuses or can't be reached. */
export function post(base: string, path: string, body: object): Promise<Json> {
  const { hostname, port } = new URL(base);
  const attributes = {
    "http.request.method": "POST",
    "server.address": hostname,
    "server.port": Number(port),
    "url.full": `${base}${path}`,
  };
  return inSpan("POST", SpanKind.CLIENT, attributes, async (set) => {
    const { status, value } = await request(base, path, body, carried());
    set({ "http.response.status_code": status });
    if (status >= 400) throw new HttpError(502, `${path} answered ${status}: ${value?.error ?? ""}`);
    return value;
  });
}

/** The same without any telemetry: for what stands around the demo's services. */
export async function request(
  base: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string> = {},
): Promise<{ status: number; value: Json }> {
  let response: Response;
  try {
    response = await fetch(`${base}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    return { status: response.status, value: text === "" ? undefined : JSON.parse(text) };
  } catch (error) {
    throw new HttpError(502, `${path} can't be reached: ${(error as Error).message}`);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, "no JSON");
  }
}
