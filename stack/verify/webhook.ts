import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostPort } from "../ports.js";

/** One alert of a notification, as Alertmanager's webhook format (version 4) has it. */
export interface NotifiedAlert {
  status: "firing" | "resolved";
  labels: Record<string, string>;
}

/** A webhook of this process, at an address that nobody can guess. */
export interface Webhook {
  url: string;
  /** Resolves with true once an alert arrives that `wanted` accepts, at once if it was there before; false when time (ms) is up. */
  waitFor(
    wanted: (alert: NotifiedAlert) => boolean,
    options: { signal: AbortSignal; limitMs: number },
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** Largest notification that is read, in bytes; the one that is waited for has less than a thousand. */
const maxBytes = 1_000_000;

/** Opens a webhook on a free port of `listen`; its URL names the host `reach`. Throws what `listen` throws. */
export async function openWebhook({ listen, reach }: { listen: string; reach: string }): Promise<Webhook> {
  const path = `/${randomBytes(16).toString("hex")}`;
  const arrived: NotifiedAlert[] = [];
  const listeners = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      if (body.length + chunk.length > maxBytes) request.destroy();
      else body += chunk;
    });
    request.on("end", () => {
      const alerts = request.method === "POST" && request.url === path ? alertsOf(body) : undefined;
      response.writeHead(alerts ? 200 : 404).end();
      arrived.push(...(alerts ?? []));
      for (const tell of listeners) tell();
    });
    request.on("error", () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, listen, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${hostPort(reach, port)}${path}`,
    waitFor: (wanted, { signal, limitMs }) =>
      new Promise((resolve, reject) => {
        const done = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          signal.removeEventListener("abort", abort);
          settle();
        };
        const look = () => {
          if (arrived.some(wanted)) done(() => resolve(true));
        };
        const abort = () => done(() => reject(signal.reason));
        const timer = setTimeout(() => done(() => resolve(false)), limitMs);
        listeners.add(look);
        signal.addEventListener("abort", abort, { once: true });
        if (signal.aborted) abort();
        else look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function alertsOf(body: string): NotifiedAlert[] | undefined {
  try {
    const { alerts } = JSON.parse(body) as { alerts?: NotifiedAlert[] };
    return Array.isArray(alerts) ? alerts : undefined;
  } catch {
    return undefined;
  }
}
