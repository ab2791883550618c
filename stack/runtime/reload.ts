import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Where a program tells whether its last reload worked. */
export interface ReloadMetrics {
  /** Address of its metrics page. */
  url: string;
  /** Gauge that is 1 when the last reload worked, else 0. */
  successful: string;
  /** Gauge with the time of the last reload that worked, in Unix seconds. */
  timestamp: string;
}

/** Values of both gauges; NaN where the page doesn't have one. */
export interface ReloadState {
  successful: number;
  timestamp: number;
}

/** Reads both gauges from the text of a metrics page. */
export function parseReloadState(text: string, metrics: ReloadMetrics): ReloadState {
  const value = (name: string) => {
    const line = text
      .split("\n")
      .find((candidate) => /^[ {]/.test(candidate.slice(name.length)) && candidate.startsWith(name));
    return Number(line?.split(" ").at(-1) ?? Number.NaN);
  };
  return { successful: value(metrics.successful), timestamp: value(metrics.timestamp) };
}

/** Whether a reload asked for at `askedAt` (Unix seconds) has worked, has been refused, or isn't done yet. */
export function judgeReload(
  before: ReloadState,
  now: ReloadState,
  askedAt: number,
): "done" | "refused" | "unknown" {
  if (now.timestamp >= askedAt && now.successful === 1) return "done";
  // After an earlier refusal a 0 says nothing yet: it may be the old one.
  if (now.successful === 0 && before.successful !== 0) return "refused";
  return "unknown";
}

/**
 * Asks a program to read its configuration again and waits until its own gauges tell how that went.
 * A reload that shows no result within `timeoutMs` counts as refused. Rejects when aborted.
 */
export async function reloadAndConfirm(
  metrics: ReloadMetrics,
  ask: () => Promise<void>,
  { timeoutMs = 10_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<"done" | "refused"> {
  const before = await readState(metrics, signal);
  const askedAt = Date.now() / 1000;
  await ask();
  const end = performance.now() + timeoutMs;
  for (let pause = 20; performance.now() < end; pause = Math.min(pause * 1.5, 250)) {
    const verdict = judgeReload(before, await readState(metrics, signal), askedAt);
    if (verdict !== "unknown") return verdict;
    await delay(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  return "refused";
}

/** A page that can't be had right now tells nothing; the time limit of the caller ends that. */
function readState(metrics: ReloadMetrics, signal?: AbortSignal): Promise<ReloadState> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const nothing = () =>
      signal?.aborted ? reject(signal.reason) : resolve({ successful: Number.NaN, timestamp: Number.NaN });
    const request = get(metrics.url, { agent: false, signal, timeout: 2_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", nothing);
      response.on("end", () => resolve(parseReloadState(text, metrics)));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", nothing);
  });
}
