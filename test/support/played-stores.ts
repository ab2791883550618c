import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Project } from "../../stack/project.js";
import { verifyWebhookSecret } from "../../stack/services/names.js";

/** What goes wrong on purpose; everything not named here works. */
export interface Faults {
  /** Status and body with which the collector answers OTLP. */
  otlp?: { status: number; body: string };
  traceMissing?: boolean;
  /** The store has only the root of the trace. */
  traceCut?: boolean;
  logMissing?: boolean;
  /** The stored log line has lost its trace's id. */
  logUnlinked?: boolean;
  metricMissing?: boolean;
  exemplarMissing?: boolean;
  alertLost?: boolean;
  targetDown?: string;
  unidentified?: string[];
  /** The collector wants this bearer token. */
  token?: string;
}

/** One server that answers like the collector, Jaeger, Tempo, Loki, Prometheus and Alertmanager: their real shapes, little data. */
export interface PlayedStores {
  port: number;
  /** Serves the same over TLS with the certificate of test/support/tls. */
  tlsPort: number;
  faults: Faults;
  close(): Promise<void>;
}

interface Sent {
  trace?: { id: string; spans: { spanId: string; name: string }[]; keep: boolean };
  log?: { traceId: string; spanId: string; body: string; nanos: string };
  metric?: { id: string; exemplarTrace: string };
}

/** Starts it. `services`: names of the scrape jobs it says it has. */
export async function playStores(
  project: Project,
  services: string[],
  faults: Faults,
): Promise<PlayedStores> {
  const sent: Sent = {};
  const listener: RequestListener = (request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://played");
    const json = (value: unknown, status = 200) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    const prometheus = (data: unknown) => json({ status: "success", data });
    const [, traceId] = /^\/api\/(?:v2\/)?traces\/([0-9a-f]+)$/.exec(url.pathname) ?? [];
    if (url.pathname.startsWith("/v1/")) {
      if (faults.token && request.headers.authorization !== `Bearer ${faults.token}`)
        return void response.writeHead(401).end("Unauthenticated");
      if (faults.otlp) return void response.writeHead(faults.otlp.status).end(faults.otlp.body);
      keep(sent, JSON.parse(body));
      return json({ partialSuccess: {} });
    }
    if (traceId !== undefined) {
      const spans = sent.trace?.id === traceId && !faults.traceMissing ? sent.trace.spans : [];
      const shown = faults.traceCut ? spans.slice(0, 1) : spans;
      if (url.pathname.includes("/v2/")) {
        const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");
        const found = shown.map(({ spanId }) => ({ traceId: base64(traceId), spanId: base64(spanId) }));
        if (found.length === 0) return json({ trace: {} });
        return json({ trace: { resourceSpans: [{ resource: {}, scopeSpans: [{ spans: found }] }] } });
      }
      if (shown.length === 0)
        return json({ data: null, errors: [{ code: 404, msg: "trace not found" }] }, 404);
      return json({ data: [{ traceID: traceId, spans: shown.map(({ spanId }) => ({ spanID: spanId })) }] });
    }
    switch (url.pathname) {
      case "/loki/api/v1/query_range": {
        const { log } = sent;
        const asked = log && url.searchParams.get("query")?.includes(log.traceId);
        const stream = {
          service_name: "obs-verify",
          ...(faults.logUnlinked ? {} : { trace_id: log?.traceId, span_id: log?.spanId }),
        };
        const result = asked && !faults.logMissing ? [{ stream, values: [[log.nanos, log.body]] }] : [];
        return prometheus({ resultType: "streams", result });
      }
      case "/api/v1/query":
        return prometheus({
          resultType: "vector",
          result: queried(url.searchParams.get("query") ?? "", sent, faults),
        });
      case "/api/v1/query_exemplars": {
        const trace = sent.metric?.exemplarTrace;
        if (faults.exemplarMissing || !trace) return prometheus([]);
        const exemplars = [
          { labels: { trace_id: trace, span_id: "1" }, value: "0.04", timestamp: Date.now() / 1000 },
        ];
        return prometheus([{ seriesLabels: {}, exemplars }]);
      }
      case "/api/v1/targets":
        return prometheus({
          activeTargets: services.map((job) => ({
            labels: { job },
            health: job === faults.targetDown ? "down" : "up",
            lastError: job === faults.targetDown ? "connection refused" : "",
          })),
        });
      case "/api/v2/alerts": {
        response.writeHead(200).end();
        if (!faults.alertLost) await notify(project, JSON.parse(body));
        return;
      }
      default:
        return void response.writeHead(404).end();
    }
  };
  const tls = async (name: string) => readFile(new URL(`./tls/${name}`, import.meta.url));
  const plain = createServer(listener);
  const secure = createSecureServer(
    { cert: await tls("certificate.pem"), key: await tls("key.pem") },
    listener,
  );
  const servers = [plain, secure];
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
  return {
    port: (plain.address() as AddressInfo).port,
    tlsPort: (secure.address() as AddressInfo).port,
    faults,
    async close() {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP requests as they were sent; what is missing fails the test that misses it.
function keep(sent: Sent, request: any): void {
  const spans = request.resourceSpans?.[0].scopeSpans[0].spans;
  const log = request.resourceLogs?.[0].scopeLogs[0].logRecords[0];
  const point = request.resourceMetrics?.[0].scopeMetrics[0].metrics[0].histogram.dataPoints[0];
  if (spans) sent.trace = { id: spans[0].traceId, spans, keep: true };
  if (log)
    sent.log = {
      traceId: log.traceId,
      spanId: log.spanId,
      body: log.body.stringValue,
      nanos: log.timeUnixNano,
    };
  if (point)
    sent.metric = { id: point.attributes[0].value.stringValue, exemplarTrace: point.exemplars[0].traceId };
}

function queried(query: string, sent: Sent, faults: Faults): unknown[] {
  const now = Date.now() / 1000;
  if (query.includes('instance="unidentified"'))
    return (faults.unidentified ?? []).map((job) => ({ metric: { job }, value: [now, "1"] }));
  if (query.includes("_calls_total"))
    return (sent.trace?.spans ?? []).map(({ name }) => ({
      metric: { span_name: name },
      values: [
        [now - 60, "7"],
        [now, "8"],
      ],
    }));
  if (!sent.metric || faults.metricMissing || !query.includes(sent.metric.id)) return [];
  return [{ metric: { job: "obs-verify", instance: "obs-verify" }, value: [now, "1"] }];
}

/** What Alertmanager does: reads the address from the file anew, and tells of the alert there. */
async function notify(project: Project, alerts: { labels: object; endsAt: string }[]): Promise<void> {
  const file = join(project.stateDir, "secrets", "alertmanager", verifyWebhookSecret);
  const url = await readFile(file, "utf8");
  const told = alerts.map(({ labels, endsAt }) => ({
    status: new Date(endsAt).getTime() > Date.now() ? "firing" : "resolved",
    labels,
  }));
  await fetch(url, { method: "POST", body: JSON.stringify({ version: "4", alerts: told }) });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
