import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { Exporter } from "./json-lines.js";
import { say } from "./say.js";

/** Items that wait for a collector that is away; later ones are lost. */
const mostWaiting = 8_192;
/** Items in one request. */
const mostAtOnce = 2_048;
/** More than so many are encoded in a turn of their own. */
const longTurn = 64;
/** Pauses before the next attempt; the last one from then on. */
const retryMs = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Brings one signal's items to where they go: keeps them, within bounds, while that is away, and counts what is lost.
 * The exporters' own repetitions wait in timers that keep a process alive which has nothing else to do; these don't.
 */
export class Delivery<Item> {
  #ended = 0;
  #delivered = 0;
  #lost = 0;
  #attempts = 0;
  #ending = false;
  #waiting: Item[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #underWay = new Set<Item[]>();
  readonly #requests = new Set<Promise<boolean>>();
  readonly #what: string;
  readonly #exporter: Partial<Exporter<Item[]>>;

  constructor(what: string, exporter: Partial<Exporter<Item[]>>) {
    this.#what = what;
    this.#exporter = exporter;
  }

  /** An item is to be sent. */
  ended(): void {
    this.#ended++;
  }

  /** What a batch processor hands its batches to: it always has room, and never waits. */
  readonly exporter: Exporter<Item[]> = {
    export: (items, done) => {
      if (this.#ending) this.#underWay.add(items);
      else if (this.#attempts > 0) this.#keep(items);
      else void this.#send(items);
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: () => this.flush(),
    shutdown: async () => {
      await this.flush();
      await this.#exporter.shutdown?.();
    },
  };

  /** Sends what waits; ends at the first attempt that fails. */
  async flush(): Promise<void> {
    await Promise.all(this.#requests);
    while (this.#waiting.length > 0 && (await this.#sendWaiting()));
    await this.#exporter.forceFlush?.();
  }

  /** Tells how many never arrived, waiting ones among them; whether that is none. */
  report(): boolean {
    const missing = this.#ended - this.#delivered;
    if (missing > 0) say(`${missing} of ${this.#ended} ${this.#what} were lost: they could not be sent`);
    return missing === 0;
  }

  /**
   * The process ends in this very turn: what waits is handed over by `flush`, and given back with what is under way,
   * which may arrive twice. Nothing when sending didn't work before.
   */
  lastWords(flush: () => void): Item[] {
    this.#ending = true;
    flush();
    return this.#attempts > 0 ? [] : [...this.#underWay].flat();
  }

  #keep(items: Item[]): void {
    const room = Math.max(0, mostWaiting - this.#waiting.length);
    for (const item of items.slice(0, room)) this.#waiting.push(item);
    this.#lost += Math.max(0, items.length - room);
    if (this.#timer) return;
    const pause = retryMs[Math.min(this.#attempts, retryMs.length) - 1] ?? retryMs[0]!;
    this.#timer = setTimeout(() => void this.#sendWaiting(), pause).unref();
  }

  async #sendWaiting(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return true;
    const sent = await this.#send(this.#waiting.splice(0, mostAtOnce));
    return sent && (this.#timer ? true : this.#sendWaiting());
  }

  /** Whether they need no more attempts. */
  #send(items: Item[]): Promise<boolean> {
    this.#underWay.add(items);
    const request = new Promise<boolean>((resolve) => {
      const settle = ({ code, error }: ExportResult) => {
        this.#underWay.delete(items);
        if (code === ExportResultCode.SUCCESS) {
          this.#delivered += items.length;
          if (this.#attempts > 1) say(`${this.#what} are sent again; ${this.#lost} were lost meanwhile`);
          this.#attempts = 0;
          this.#lost = 0;
          return resolve(true);
        }
        const refused = isRefused(error);
        // A single failure is a connection that was closed meanwhile, and not worth a line.
        if (refused || this.#attempts === 1)
          say(`${this.#what} can't be sent (${reasonOf(error)}); the application goes on without`);
        if (refused) {
          this.#lost += items.length;
        } else {
          this.#attempts++;
          this.#keep(items);
        }
        resolve(refused);
      };
      const begin = () => {
        try {
          this.#exporter.export!(items, settle);
        } catch (error) {
          settle({ code: ExportResultCode.FAILED, error: error as Error });
        }
      };
      // A full batch takes milliseconds to encode: not in the turn of the call that filled it.
      if (items.length > longTurn) setImmediate(begin);
      else begin();
    });
    this.#requests.add(request);
    void request.then(() => this.#requests.delete(request));
    return request;
  }
}

/** Whether it would be refused again: a status of 4xx, but for "too many" and "too late". */
function isRefused(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "number" && code >= 400 && code < 500 && code !== 429 && code !== 408;
}

/** The innermost reason, without an address's credentials. */
function reasonOf(error: unknown): string {
  const { errors, cause, message, code } = (error ?? {}) as {
    errors?: unknown[];
    cause?: unknown;
    message?: string;
    code?: string;
  };
  if (errors?.[0]) return reasonOf(errors[0]);
  if (cause) return reasonOf(cause);
  return (message || code || "no reason given").replace(/\/\/[^@/\s]*@/g, "//").slice(0, 200);
}
