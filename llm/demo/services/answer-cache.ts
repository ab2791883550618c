import { metrics } from "@opentelemetry/api";
import { scope } from "./spans.js";

/** Answers that are kept. */
const most = 200;
/** How long an answer holds, in milliseconds. */
const holdsFor = 5 * 60_000;

/** Answers to questions that came before, for some minutes, with the metrics of the contract. */
export class AnswerCache<Answer extends { text: string }> {
  readonly #entries = new Map<string, { answer: Answer; at: number }>();
  readonly #evictions = metrics.getMeter(scope).createCounter("llm.cache.evictions");

  constructor() {
    const meter = metrics.getMeter(scope);
    meter
      .createObservableGauge("llm.cache.entries")
      .addCallback((result) => result.observe(this.#entries.size));
    meter.createObservableGauge("llm.cache.size", { unit: "By" }).addCallback((result) => {
      let size = 0;
      for (const [question, { answer }] of this.#entries) size += question.length + answer.text.length;
      result.observe(size);
    });
  }

  /** The answer to a question, if it is still good. */
  find(question: string): Answer | undefined {
    const entry = this.#entries.get(question);
    if (!entry) return undefined;
    if (Date.now() - entry.at < holdsFor) return entry.answer;
    this.#drop(question, "age");
    return undefined;
  }

  /** Keeps an answer; the oldest makes room. */
  keep(question: string, answer: Answer): void {
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size >= most && oldest !== undefined) this.#drop(oldest, "size");
    this.#entries.set(question, { answer, at: Date.now() });
  }

  #drop(question: string, reason: "age" | "size"): void {
    this.#entries.delete(question);
    this.#evictions.add(1, { reason });
  }
}
