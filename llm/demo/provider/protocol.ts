import type { IncomingHttpHeaders } from "node:http";
import type { Incident } from "./behaviour.js";
import type { Allowance } from "./limits.js";
import type { PromptCache } from "./prompt-cache.js";
import type { Random } from "./random.js";

/** A request to a model, read. */
export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sent, of any shape.
  body: any;
  random: Random;
  incident: Incident;
  cache: PromptCache;
  /** Milliseconds. */
  now: number;
}

/** What is sent back, and at which pace. */
export interface Reply {
  /** Seconds until the first byte. */
  delay: number;
  body?: object;
  /** Instead of a body: a stream of events. */
  events?: StreamEvent[];
  /** Tokens that count against the rate limit. */
  tokens: number;
}

/** One server-sent event. */
export interface StreamEvent {
  event?: string;
  data: unknown;
  /** Seconds after the one before. */
  after: number;
}

/** A refusal in the protocol's own shape. */
export interface Refusal {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

/** How one provider speaks. */
export interface Protocol {
  /** Whether a path is this protocol's. */
  speaks(path: string): boolean;
  /** Whom the request is from; a refusal for nobody. */
  account(asked: Pick<Asked, "headers">): string | Refusal;
  /** The answer, or a refusal of what makes no sense. */
  reply(asked: Asked): Reply | Refusal;
  refuse(status: number, code?: string): Refusal;
  /** An error in the middle of a stream. */
  streamError: StreamEvent;
  /** Headers of every answer. */
  headers(random: Random, allowance: Allowance | undefined, now: number): Record<string, string>;
}

/** Tells a refusal from a reply. */
export function isRefusal(value: object | string): value is Refusal {
  return typeof value === "object" && "status" in value;
}
