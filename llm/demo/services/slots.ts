import { metrics } from "@opentelemetry/api";
import type { ModelRef } from "../features.js";
import { scope } from "./spans.js";

/** Lets so many calls of a provider run at once; the others wait for their turn, in the order in which they came. */
export class Slots {
  readonly #atOnce: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #inProgress = metrics.getMeter(scope).createUpDownCounter("llm.requests_in_progress");
  readonly #depth = metrics.getMeter(scope).createUpDownCounter("llm.queue_depth");

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Runs a call when it is its turn. */
  async run<T>({ provider, model }: ModelRef, work: () => Promise<T>): Promise<T> {
    await this.#turn(provider);
    this.#inProgress.add(1, { provider, model });
    try {
      return await work();
    } finally {
      this.#inProgress.add(-1, { provider, model });
      const next = this.#waiting.get(provider)?.shift();
      if (next) next();
      else this.#running.set(provider, this.#running.get(provider)! - 1);
    }
  }

  async #turn(provider: string): Promise<void> {
    // From the first call on, so that an empty queue is 0 and not unknown.
    this.#depth.add(0, { provider });
    const running = this.#running.get(provider) ?? 0;
    if (running < this.#atOnce) return void this.#running.set(provider, running + 1);
    this.#depth.add(1, { provider });
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(provider) ?? [];
      this.#waiting.set(provider, waiting);
      waiting.push(resolve);
    });
    this.#depth.add(-1, { provider });
  }
}
