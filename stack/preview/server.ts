import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  dashboardsPath,
  dataSourcesPath,
  eventsPath,
  type SqlRequest,
  statePath,
} from "../../dashboards/preview/api.js";
import type { Project } from "../project.js";
import { isAllowed } from "./allowed.js";
import { pageFile } from "./assets.js";
import { forward, StoreDown } from "./forward.js";
import { checkSender, setGuards } from "./guard.js";
import type { Preview } from "./preview.js";
import { Refusal } from "./refusal.js";

/** A server of the preview that listens. */
export interface PreviewServer {
  port: number;
  /** With a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/** Longest body of a request, in bytes: a query, not data. */
const longestBody = 256 * 1024;

/** How often something is said on a stream of events, so that one that broke shows. Milliseconds. */
const pulseMs = 15_000;

/**
 * Serves the page, the dashboards and what they ask of the stack's stores, on this machine's loopback alone. `port` 0: a
 * free one. Rejects with the system's error where the port can't be had.
 */
export async function servePreview(project: Project, preview: Preview, port: number): Promise<PreviewServer> {
  const server = createServer((request, response) => {
    void answer(request, response, { project, preview, port: portOf(server) });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    url: `http://127.0.0.1:${portOf(server)}/`,
    async close() {
      preview.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

interface Serving {
  project: Project;
  preview: Preview;
  port: number;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  response.on("error", () => gone.abort());
  setGuards(response);
  try {
    const url = URL.canParse(request.url ?? "", "http://page")
      ? new URL(request.url!, "http://page")
      : undefined;
    if (url?.host !== "page") throw new Refusal(400, "This is no address of the preview.");
    const isPage = url.pathname === "/" || url.pathname.startsWith("/d/");
    checkSender(request, serving.port, isPage);
    if (url.pathname.startsWith(`${dataSourcesPath}/`))
      return await askStore(request, response, url, serving, gone.signal);
    if (request.method !== "GET") throw wrongMethod(response, "GET");
    if (isPage) return await sendFile(request, response, "index.html");
    if (url.pathname.startsWith("/assets/"))
      return await sendFile(request, response, url.pathname.slice("/assets/".length));
    if (url.pathname === "/ready") return sendJson(response, 200, { ready: true });
    if (url.pathname === statePath) return sendJson(response, 200, await serving.preview.state());
    if (url.pathname === eventsPath) return streamStates(response, serving.preview);
    if (url.pathname.startsWith(`${dashboardsPath}/`))
      return await sendDashboard(response, url, serving.preview);
    throw new Refusal(404, `There is nothing at ${url.pathname}.`);
  } catch (error) {
    if (gone.signal.aborted || response.headersSent) return void response.destroy();
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal(
            500,
            `The preview failed: ${(error as Error).message}`,
            "This is a mistake in obs, please report it.",
          );
    sendJson(response, refusal.status, refusal.answer);
  }
}

async function sendDashboard(response: ServerResponse, { pathname }: URL, preview: Preview): Promise<void> {
  const uid = pathname.slice(dashboardsPath.length + 1);
  const found = await preview.dashboard(uid);
  if (!found)
    throw new Refusal(
      404,
      `There is no dashboard with the UID "${uid}".`,
      "`dashboards` of obs.config.ts lists those there are.",
    );
  sendJson(response, 200, found);
}

/** Lets a question through to its store where it only reads. */
async function askStore(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, search }: URL,
  { project, preview }: Serving,
  signal: AbortSignal,
): Promise<void> {
  const [, uid = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(pathname.slice(dataSourcesPath.length)) ?? [];
  const store = await preview.store(uid);
  if (!store) throw new Refusal(404, `The stack has no data source with the UID "${uid}".`);
  const method = request.method ?? "";
  const asksLedger = store.type === "grafana-postgresql-datasource" && path === "/sql";
  if (!asksLedger && !isAllowed(store.type, "GET", path))
    throw new Refusal(403, `The preview asks ${store.name} nothing at ${path}: it only reads.`);
  try {
    if (asksLedger) {
      if (method !== "POST") throw wrongMethod(response, "POST");
      const { askLedger } = await import("./sql.js");
      sendJson(response, 200, await askLedger(project, preview.ledger!, await sqlRequest(request), signal));
    } else {
      if (!isAllowed(store.type, method, path))
        throw wrongMethod(response, isAllowed(store.type, "POST", path) ? "GET, POST" : "GET");
      const body = method === "POST" ? await bodyOf(request, "application/x-www-form-urlencoded") : undefined;
      const said = await forward(
        store,
        { method: method as "GET" | "POST", path: path + search, body },
        signal,
      );
      send(response, 200, "application/json", said);
    }
    preview.noteStore(store.uid, undefined);
  } catch (error) {
    if (error instanceof StoreDown) preview.noteStore(store.uid, error.what);
    throw error;
  }
}

async function sqlRequest(request: IncomingMessage): Promise<SqlRequest> {
  const body = await bodyOf(request, "application/json");
  try {
    const { sql, from, to, intervalMs, format } = JSON.parse(body.toString()) as Partial<SqlRequest>;
    if (typeof sql === "string" && [from, to, intervalMs].every(Number.isFinite))
      return {
        sql,
        from: from!,
        to: to!,
        intervalMs: intervalMs!,
        format: format === "time_series" ? "time_series" : "table",
      };
  } catch {
    // Told below.
  }
  throw new Refusal(400, "This is no question in SQL: it takes sql, from, to and intervalMs.");
}

async function bodyOf(request: IncomingMessage, type: string): Promise<Buffer> {
  if (request.headers["content-type"]?.split(";")[0]?.trim() !== type)
    throw new Refusal(415, `The body must be ${type}.`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new Refusal(413, "The query is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
function streamStates(response: ServerResponse, preview: Preview): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("retry: 1000\n\n");
  const leave = preview.subscribe((state) =>
    response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`),
  );
  const pulse = setInterval(() => response.write(":\n\n"), pulseMs);
  response.on("close", () => {
    clearInterval(pulse);
    leave();
  });
}

/** Browsers keep files of the page, compiled, for as long as they are the same. */
async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const file = await pageFile(path);
  if (!file) throw new Refusal(404, `The page has no file ${path}.`);
  const tag = `"${createHash("sha1").update(file.content).digest("base64url")}"`;
  response.setHeader("cache-control", "no-cache");
  response.setHeader("etag", tag);
  if (request.headers["if-none-match"] === tag) return void response.writeHead(304).end();
  send(response, 200, file.type, file.content);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, "application/json", Buffer.from(JSON.stringify(value)));
}

function send(response: ServerResponse, status: number, type: string, content: Buffer): void {
  response.writeHead(status, { "content-type": type, "content-length": content.length });
  response.end(content);
}

function wrongMethod(response: ServerResponse, allowed: string): Refusal {
  response.setHeader("allow", allowed);
  return new Refusal(405, `Only ${allowed} is answered here.`);
}
