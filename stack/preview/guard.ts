import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./refusal.js";

/**
 * What a browser may do with the page: run its own scripts, and talk to its own server. Grafana's styles are written into
 * the page while it runs.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer. */
export function setGuards(response: ServerResponse): void {
  for (const [name, value] of Object.entries({
    "content-security-policy": contentSecurityPolicy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  }))
    response.setHeader(name, value);
}

/**
 * Lets through what the page itself asks, or a program of this machine. Throws a {@link Refusal} (403) where the request
 * was sent for another name, as by a page whose name suddenly means this machine, or by a page from elsewhere.
 */
export function checkSender({ headers }: IncomingMessage, port: number, isPage: boolean): void {
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host?.toLowerCase() ?? ""))
    throw new Refusal(403, "The preview answers only at its own address.", `Open http://${hosts[0]}/.`);
  const { origin } = headers;
  const foreign =
    (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) ||
    // A link from elsewhere may lead to the page, but nothing else may be asked from there.
    (!isPage &&
      headers["sec-fetch-site"] !== undefined &&
      headers["sec-fetch-site"] !== "same-origin" &&
      headers["sec-fetch-site"] !== "none");
  if (foreign) throw new Refusal(403, "The preview answers only its own page.");
}
