import type { CallTokens } from "./prices/types.js";
import type { ErrorType } from "./semconv.js";

/** Value of an attribute of a span or a resource, as OTLP carries it; what has no such shape isn't read. */
export type AttributeValue = string | number | boolean | readonly AttributeValue[];

/** A span as it arrived, whatever it was encoded in: only what the ledger reads. */
export interface Span {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** The same; empty at the root. */
  parentSpanId: string;
  name: string;
  /** Unix milliseconds, with fraction. */
  startMs: number;
  endMs: number;
  failed: boolean;
  statusMessage: string;
  attributes: ReadonlyMap<string, AttributeValue>;
  resource: ReadonlyMap<string, AttributeValue>;
  /** Name of the instrumentation that made it; empty where it has none. */
  scope: string;
  /** W3C `tracestate`, where senders say how they sample; empty mostly. */
  traceState: string;
  /** Names of attributes that look like those of calls of models, and are not read. */
  unread?: readonly string[];
  /** `exception.type` of the exception that was recorded, if any. */
  exceptionType?: string;
}

/** Who asked, where, and how it went: of every span that is counted. */
export interface Step {
  traceId: string;
  spanId: string;
  /** Empty at the root. */
  parentSpanId: string;
  /** When it began; when it was received where the sender's clock is ahead or makes no sense. */
  timestamp: Date;
  /**
   * First day of the month in which it began by the sender's clock, `2026-11-01`; `1970-01-01` for a time that can't be.
   * With the two ids it is what makes a span one: it depends on nothing but the span.
   */
  month: string;
  /** Seconds; null for a clock that ran backwards. */
  latency: number | null;
  status: "ok" | "error";
  /** Kind of failure; null where it didn't fail. */
  errorType: ErrorType | null;
  /** The provider's or library's own word for it. */
  providerError: string | null;
  /** As sent: whoever stores it hashes it first. Null: nobody said. */
  user: string | null;
  team: string | null;
  feature: string | null;
  environment: string | null;
  service: string | null;
  agent: string | null;
  /** It is told long after: it has a row, and counts in no metric of now. */
  backfilled: boolean;
}

/** A billed call of a model. */
export interface Call extends Step {
  operation: "chat" | "generate_content" | "text_completion" | "embeddings";
  provider: string | null;
  requestModel: string | null;
  responseModel: string | null;
  serviceTier: string | null;
  tokens: CallTokens;
  /** Input and output together; null where neither they nor a total arrived. */
  totalTokens: number | null;
  /** Seconds; null where nobody said. */
  timeToFirstToken: number | null;
  promptName: string | null;
  promptVersion: string | null;
  finishReason: string | null;
  /** The provider's id of its answer. */
  responseId: string | null;
  /** The application's id of its request, else the provider's of its answer. */
  requestId: string | null;
  /** What the sender believes it costs, in US dollars, as decimal digits. Never billed. */
  reportedCostUsd: string | null;
  /** What was wrong with what arrived, and was put right or left out. */
  doubts: Doubt[];
}

/** A run of an agent or a call of a tool: counted, never billed. */
export interface Run extends Step {
  kind: "agent" | "tool";
  tool: string | null;
}

/** Something wrong with what arrived. */
export type Doubt =
  | "negative-tokens"
  | "fractional-tokens"
  | "absurd-tokens"
  | "unreadable-tokens"
  | "cached-beyond-input"
  | "reasoning-beyond-output"
  | "total-differs"
  | "ends-before-start"
  | "absurd-latency"
  | "first-token-after-end"
  | "time-ahead"
  | "time-impossible";

/** Why a span is neither billed nor counted. */
export type NotCounted = "invalid-ids" | "not-genai" | "other-operation";

/** What a span is to the ledger. */
export type Normalised = { call: Call } | { run: Run } | { not: NotCounted };
