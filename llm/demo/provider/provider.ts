import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropic } from "./anthropic.js";
import { type Incident, incidents, type Mishap, mishapOf } from "./behaviour.js";
import { type RateLimit, RateLimiter } from "./limits.js";
import { openai } from "./openai.js";
import { PromptCache } from "./prompt-cache.js";
import { isRefusal, type Protocol, type Refusal, type Reply } from "./protocol.js";
import { seeded } from "./random.js";

/** How a provider behaves. */
export interface ProviderOptions {
  /** The same seed and requests give the same answers, latencies and failures. */
  seed?: number;
  /** Real time is 1; 0 answers at once. */
  pace?: number;
  /** Of each account and model, in a minute. */
  limit?: RateLimit;
  /** Part of the requests that fail when all is well, from 0 to 1. */
  errorRate?: number;
  incident?: Incident;
  /** 0: one that is free. */
  port?: number;
  host?: string;
}

/** A running provider. */
export interface Provider {
  /** Base address of Anthropic clients; OpenAI's add `/v1`. */
  url: string;
  /** What was asked so far, newest last; bounded. */
  readonly requests: readonly { path: string; headers: IncomingMessage["headers"]; body: unknown }[];
  incident: Incident;
  /** What happens to the next requests, one each, before anything else does. */
  next(...mishaps: Mishap[]): void;
  /** Requests that hang or stream are cut. */
  close(): Promise<void>;
}

const protocols: readonly Protocol[] = [openai, anthropic];
const remembered = 1_000;
/** Larger requests are refused. */
const largestBody = 32 * 1024 * 1024;

/**
 * Starts a local server that speaks the HTTP protocols of OpenAI and Anthropic: answers of plausible length and pace,
 * streamed where asked, with usage, rate limits, prompt caches and errors as theirs. `GET` and `PUT /incident` read and
 * set what goes wrong, as plain text. No key is needed but any; those that begin with `sk-invalid` are refused.
 */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { seed = 1, pace = 1, errorRate = 0, port = 0, host = "127.0.0.1" } = options;
  const limit = options.limit ?? { requests: 10_000, tokens: 4_000_000 };
  const state = { incident: options.incident ?? ("none" as Incident) };
  const requests: { path: string; headers: IncomingMessage["headers"]; body: unknown }[] = [];
  const mishaps: Mishap[] = [];
  const limiter = new RateLimiter();
  const cache = new PromptCache();
  const asked = new Map<string, number>();

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const text = await bodyOf(request);
    if (path === "/incident") return void control(request, response, text);
    const protocol = protocols.find((each) => each.speaks(path));
    if (!protocol || request.method !== "POST")
      return void send(response, 404, { error: { message: "Not found.", type: "invalid_request_error" } });
    const body = parsed(text);
    requests.push({ path, headers: request.headers, body });
    if (requests.length > remembered) requests.shift();

    // What was asked decides, in whatever order a client writes it, and how often: those that race don't change each
    // other's answers.
    const question = canonical(body);
    const nth = (asked.get(question) ?? 0) + 1;
    asked.set(question, nth);
    if (asked.size > remembered * 10) asked.delete(asked.keys().next().value!);
    const random = seeded(seed, path, question, nth);
    const now = Date.now();
    const headers = (allowance?: ReturnType<RateLimiter["take"]>) => protocol.headers(random, allowance, now);
    const refuse = (refusal: Refusal, more: Record<string, string> = {}) =>
      send(response, refusal.status, refusal.body, { ...headers(), ...refusal.headers, ...more });

    const mishap = mishaps.shift() ?? mishapOf(state.incident, errorRate, random);
    if (mishap?.hang) return;
    if (mishap?.cutAfter === 0) return void response.destroy();
    if (mishap?.status !== undefined) {
      // Anthropic has a status of its own for it.
      const status = mishap.status === 503 && protocol === anthropic ? 529 : mishap.status;
      const retry = mishap.retryAfter;
      return void refuse(
        protocol.refuse(status, mishap.code),
        retry === undefined ? {} : { "retry-after": String(retry) },
      );
    }
    const account = protocol.account({ headers: request.headers });
    if (typeof account !== "string") return void refuse(account);
    const reply = protocol.reply({
      path,
      headers: request.headers,
      body,
      random,
      incident: state.incident,
      cache,
      now,
    });
    if (isRefusal(reply)) return void refuse(reply);
    const allowed = state.incident === "quota" ? scaled(limit, 0.02) : limit;
    const key = `${account}\n${(body as { model: string }).model}`;
    const allowance = limiter.take(key, reply.tokens, allowed, now);
    if (allowance.retryAfter !== undefined)
      return void send(response, 429, protocol.refuse(429).body, {
        ...headers(allowance),
        "retry-after": String(allowance.retryAfter),
      });
    await wait(reply.delay * pace, response);
    if (reply.events) await stream(response, reply, protocol, mishap, pace, headers(allowance));
    else send(response, 200, reply.body!, headers(allowance));
  }

  function control(request: IncomingMessage, response: ServerResponse, text: string): void {
    const wanted = text.trim() as Incident;
    if (request.method === "PUT") {
      if (!incidents.includes(wanted))
        return void send(response, 400, { error: `one of ${incidents.join(", ")}` });
      state.incident = wanted;
    }
    response.writeHead(200, { "content-type": "text/plain" }).end(`${state.incident}\n`);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    get incident() {
      return state.incident;
    },
    set incident(incident) {
      state.incident = incident;
    },
    next: (...more) => void mishaps.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function stream(
  response: ServerResponse,
  { events = [] }: Reply,
  protocol: Protocol,
  mishap: Mishap | undefined,
  pace: number,
  headers: Record<string, string>,
): Promise<void> {
  response.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  for (const [at, event] of events.entries()) {
    // What was sent before arrives before the end does.
    if (mishap?.cutAfter === at) return void response.write(": cut\n\n", () => response.destroy());
    if (mishap?.errorAfter === at) return void response.end(frame(protocol.streamError));
    await wait(event.after * pace, response);
    if (response.destroyed) return;
    if (!response.write(frame(event))) await drained(response);
  }
  response.end();
}

function frame({ event, data }: { event?: string; data: unknown }): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve).once("close", resolve);
  });
}

/** Until the time has passed or the client has gone. */
function wait(seconds: number, response: ServerResponse): Promise<void> {
  if (seconds * 1000 < 1 || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    response.once("close", done);
  });
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...headers, "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > largestBody) throw new Error("too large");
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** JSON of what clients mean, without the defaults that some of them spell out. */
function canonical(body: unknown): string {
  return (
    JSON.stringify(body, (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, each]) => each !== null && each !== false)
              .sort(([one], [other]) => (one < other ? -1 : 1)),
          )
        : value,
    ) ?? ""
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function scaled({ requests, tokens }: RateLimit, factor: number): RateLimit {
  return {
    requests: Math.max(1, Math.round(requests * factor)),
    tokens: Math.max(1, Math.round(tokens * factor)),
  };
}
