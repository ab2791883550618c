import { tokensIn } from "./text.js";

const remembered = 10_000;

/** Which beginnings of prompts a provider has seen lately. */
export class PromptCache {
  readonly #seen = new Set<string>();

  /** Whether it has seen this beginning before; from now on it has. */
  knows(account: string, beginning: unknown): boolean {
    const key = `${account}\n${JSON.stringify(beginning)}`;
    const known = this.#seen.has(key);
    if (!known) this.#seen.add(key);
    if (this.#seen.size > remembered) this.#seen.delete(this.#seen.values().next().value!);
    return known;
  }

  /**
   * Tokens that OpenAI takes from its cache, by itself: the longest known beginning of at least 1,024 tokens, in steps
   * of 128 (https://platform.openai.com/docs/guides/prompt-caching).
   */
  automatic(model: string, parts: readonly unknown[]): number {
    let tokens = 0;
    let cached = 0;
    for (let at = 0; at < parts.length; at++) {
      tokens += tokensIn(parts[at]);
      if (tokens >= 1024 && this.knows(model, parts.slice(0, at + 1))) cached = tokens;
    }
    return Math.floor(cached / 128) * 128;
  }
}
