import { type IncomingMessage, request } from "node:http";
import { Refusal } from "./refusal.js";
import type { Store } from "./stores.js";

/** What one answer of a store may be: more of it no page could draw. */
export interface Bounds {
  seconds: number;
  megabytes: number;
  series: number;
}

/** The bounds that the preview sets. */
export const bounds: Bounds = { seconds: 30, megabytes: 32, series: 5_000 };

/** A question for a store. */
export interface Question {
  method: "GET" | "POST";
  /** Path and query. */
  path: string;
  /** A form, of a POST. */
  body?: Buffer;
}

/** A store that can't be reached, as opposed to one that answers with an error. */
export class StoreDown extends Refusal {
  override name = "StoreDown";
}

/** What stands in the JSON of Prometheus and Loki before the labels of each series: escaped where it is within a label. */
const seriesMarks = ['"metric":{', '"stream":{'];

/**
 * Asks a store, and gives its JSON as it is. Follows no redirect. Throws a {@link Refusal}: 502 where it can't be reached
 * ({@link StoreDown}) or leads elsewhere, 504 where it takes too long, 413 where the answer is too large, and its own
 * status with its own words where it says no. Aborting cuts the connection, so that the store stops working, too.
 */
export function forward(
  store: Store,
  question: Question,
  signal: AbortSignal,
  { seconds, megabytes, series }: Bounds = bounds,
): Promise<Buffer> {
  const { method, path, body } = question;
  return new Promise((resolve, reject) => {
    const asked = request(`http://${store.address}${path}`, {
      method,
      agent: false,
      signal,
      headers: {
        accept: "application/json",
        ...(body && { "content-type": "application/x-www-form-urlencoded", "content-length": body.length }),
      },
    });
    const giveUp = (refusal: Refusal) => {
      asked.destroy();
      reject(refusal);
    };
    const timer = setTimeout(() => giveUp(tooSlow(store, seconds)), seconds * 1000);
    asked.on("close", () => clearTimeout(timer));
    asked.on("error", (error: NodeJS.ErrnoException) => reject(down(store, error)));
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      const counter = new SeriesCounter();
      let size = 0;
      response.on("error", (error: NodeJS.ErrnoException) => reject(down(store, error)));
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > megabytes * 1e6) return giveUp(tooMuch(store, `${megabytes} MB`));
        if (counter.count(chunk) > series)
          return giveUp(tooMuch(store, `${series.toLocaleString("en")} series`));
        chunks.push(chunk);
      });
      response.on("end", () => {
        const answer = Buffer.concat(chunks);
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(answer);
        else reject(said(store, response, answer));
      });
    });
    asked.end(body);
  });
}

/** Counts series while an answer comes in, without reading its JSON. */
class SeriesCounter {
  private found = 0;
  private tail = "";

  count(chunk: Buffer): number {
    const text = this.tail + chunk.toString("latin1");
    for (const mark of seriesMarks)
      for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) this.found++;
    // Too short for a whole mark: none is counted twice.
    this.tail = text.slice(-(seriesMarks[0]!.length - 1));
    return this.found;
  }
}

function down({ name, address }: Store, { code, message }: NodeJS.ErrnoException): Refusal {
  return new StoreDown(
    502,
    code === "ECONNREFUSED"
      ? `${name} doesn't run: nothing listens at ${address}.`
      : `${name} can't be reached at ${address} (${code ?? message}).`,
    "`obs status` tells what runs; `obs up` starts what doesn't.",
  );
}

function tooSlow({ name }: Store, seconds: number): Refusal {
  return new Refusal(
    504,
    `${name} took longer than ${seconds} seconds.`,
    "Shorten the time range, or ask for less: a recording rule, fewer series.",
  );
}

function tooMuch({ name }: Store, bound: string): Refusal {
  return new Refusal(
    413,
    `${name} answers with more than ${bound}.`,
    "Sum by fewer labels, take the largest with topk(), or match fewer series.",
  );
}

function said({ name }: Store, { statusCode = 502, headers }: IncomingMessage, answer: Buffer): Refusal {
  if (statusCode >= 300 && statusCode < 400)
    return new Refusal(
      502,
      `${name} leads elsewhere (${headers.location ?? statusCode}), where the preview doesn't follow.`,
      "Look whether another program has its port.",
    );
  return new Refusal(statusCode < 400 ? 502 : statusCode, `${name}: ${wordsOf(answer.toString())}`);
}

/** Its own words: `error` of Prometheus' and Loki's JSON, `errors` of Jaeger's, else the text. */
function wordsOf(text: string): string {
  const plain = text.trim().slice(0, 2_000) || "it gives no reason";
  try {
    const { error, errors, message } = JSON.parse(text) as {
      error?: unknown;
      errors?: { msg?: unknown }[];
      message?: unknown;
    };
    return String(error ?? errors?.[0]?.msg ?? message ?? plain);
  } catch {
    return plain;
  }
}
