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
 * Asks once: `http://` for an answer, `tcp://` whether it takes connections. Resolves to "not ready" for everything but a 200; rejects
 * only when aborted.
 */
export function askReady(
  url: string,
  { timeoutMs = 2_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (url.startsWith("tcp:")) return void resolve(askConnection(url, timeoutMs));
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

function askConnection(url: string, timeoutMs: number): Promise<Readiness> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port),
      timeout: timeoutMs,
    });
    const end = (answer: Readiness) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => end({ ready: true }));
    socket.on("timeout", () => end({ ready: false, reason: explain(new Error("too slow"), url, timeoutMs) }));
    socket.on("error", (error) => end({ ready: false, reason: explain(error, url, timeoutMs) }));
  });
}

function explain(error: NodeJS.ErrnoException, url: string, timeoutMs: number): string {
  if (error.code === "ECONNREFUSED") return `does not listen at ${url} yet`;
  if (error.message === "too slow") return `does not answer within ${timeoutMs / 1000} s at ${url}`;
  return `does not answer at ${url} (${error.code ?? error.message})`;
}
