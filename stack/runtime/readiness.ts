import { get } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What a service said when asked whether it is ready. */
export interface Readiness {
  ready: boolean;
  /** Why not, in a few words that follow the service's name: "answers 503 (...)". */
  reason?: string;
}

/**
 * Asks once: `http://` for a 200, `postgres://` whether it takes connections. Resolves to "not ready" for everything else;
 * rejects only when aborted.
 */
export function askReady(
  url: string,
  { timeoutMs = 2_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (url.startsWith("postgres:")) return void resolve(askPostgres(url, timeoutMs));
    const failed = (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ ready: false, reason: explain(error, url, timeoutMs) });
    };
    const request = get(url, { agent: false, signal, timeout: timeoutMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (body.length < 2_000) body += chunk;
      });
      response.on("error", failed);
      response.on("end", () => {
        if (response.statusCode === 200) return resolve({ ready: true });
        const said = body.trim().split("\n")[0]?.slice(0, 200);
        resolve({
          ready: false,
          reason: `answers ${response.statusCode}${said ? ` (${said})` : ""} at ${url}`,
        });
      });
    });
    // `timeout` alone only tells of silence; an answer that trickles would never end.
    const limit = setTimeout(() => request.destroy(new Error("too slow")), timeoutMs);
    request.on("timeout", () => request.destroy(new Error("too slow")));
    request.on("error", failed);
    request.on("close", () => clearTimeout(limit));
  });
}

/**
 * Asks again and again until the service is ready or the time is up; returns the last answer. There is no event for
 * readiness, so it is polled: every 50 ms at first, slowing down to 250 ms. Rejects with the signal's reason when aborted.
 */
export async function waitUntilReady(
  url: string,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<Readiness> {
  const end = performance.now() + timeoutMs;
  for (let pause = 50; ; pause = Math.min(pause * 1.2, 250)) {
    const answer = await askReady(url, { signal });
    if (answer.ready || performance.now() + pause > end) return answer;
    await delay(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/**
 * Begins to log in, as `pg_isready` does, and leaves when asked for the password. That something listens says nothing:
 * Docker does at every published port, and PostgreSQL does before it has read its log.
 */
function askPostgres(url: string, timeoutMs: number): Promise<Readiness> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    const end = (answer: Readiness) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const failed = (error: NodeJS.ErrnoException) =>
      end({ ready: false, reason: explain(error, url, timeoutMs) });
    const limit = setTimeout(() => failed(new Error("too slow")), timeoutMs);
    socket.on("connect", () => socket.write(startupMessage));
    // A first byte E begins an error; its code says whether it is one of the server or of this login.
    socket.on("data", (data) =>
      end(
        data.toString("latin1").startsWith("E") && data.includes(`C${cannotConnectNow}\0`)
          ? { ready: false, reason: `starts up or shuts down at ${url}` }
          : { ready: true },
      ),
    );
    socket.on("end", () => end({ ready: false, reason: `closes connections at ${url}` }));
    socket.on("error", failed);
  });
}

/** SQLSTATE of a server that starts up, shuts down or recovers. */
const cannotConnectNow = "57P03";

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: StartupMessage, version 3.0. */
const startupMessage = (() => {
  const parameters = Buffer.from("user\0obs\0database\0postgres\0\0");
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length);
  head.writeInt32BE(0x30000, 4);
  return Buffer.concat([head, parameters]);
})();

function explain(error: NodeJS.ErrnoException, url: string, timeoutMs: number): string {
  if (error.code === "ECONNREFUSED") return `does not listen at ${url} yet`;
  if (error.message === "too slow") return `does not answer within ${timeoutMs / 1000} s at ${url}`;
  return `does not answer at ${url} (${error.code ?? error.message})`;
}
