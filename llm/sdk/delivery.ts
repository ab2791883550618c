import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { Exporter } from "./json-lines.js";
import { say } from "./say.js";

/** What became of one signal's items. */
export class Delivery {
  #ended = 0;
  #delivered = 0;
  #failing = false;
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  /** An item is to be sent. */
  ended(): void {
    this.#ended++;
  }

  /** Items that never arrived, whether they failed or had no room to wait. Waiting ones are among them. */
  get missing(): number {
    return this.#ended - this.#delivered;
  }

  /** Tells once how many were lost; when nothing waits any more. */
  report(): void {
    if (this.missing > 0)
      say(`${this.missing} of ${this.#ended} ${this.#what} were lost: they could not be sent`);
  }

  /** An exporter that counts what it delivers, and tells when it begins to fail. */
  through<Items>(exporter: Partial<Exporter<Items>>, sizeOf: (items: Items) => number): Exporter<Items> {
    return {
      export: (items, done) => {
        const finish = (result: ExportResult) => {
          if (result.code === ExportResultCode.SUCCESS) {
            this.#delivered += sizeOf(items);
            this.#failing = false;
          } else if (!this.#failing) {
            this.#failing = true;
            say(`${this.#what} can't be sent (${reasonOf(result.error)}); the application goes on without`);
          }
          done(result);
        };
        try {
          exporter.export!(items, finish);
        } catch (error) {
          finish({ code: ExportResultCode.FAILED, error: error as Error });
        }
      },
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: async () => exporter.shutdown?.(),
    };
  }
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
