import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { contentNames, emittedName } from "../semconv.js";
import { type CalledModel, calledModel } from "./called-models.js";
import { redacted } from "./content.js";
import { beginsInstead, failedOnTheWay } from "./fallback.js";
import type { Usage } from "./meters.js";
import { ownerAttributes } from "./owner.js";
import { keepRateLimits } from "./rate-limits.js";
import { logger, meters, tracer } from "./registered.js";
import { state } from "./state.js";

/** What is known of a call when it begins. */
export interface Asked {
  operation: string;
  provider: string;
  model: string | undefined;
  stream: boolean;
  /** Prompt, as given; looked at only where content is recorded. */
  instructions?: unknown;
  input?: unknown;
}

/** What an answer, or the parts of a stream, told. */
export interface Answered {
  id?: string;
  model?: string;
  finishReasons?: string[];
  serviceTier?: string;
  usage?: Usage;
  /** Only where content is recorded. */
  output?: unknown;
}

/** Finish reason of a stream that its reader left. */
const left = "cancelled";

const callKey = createContextKey("obs-stack call");

/** The call that is being made in a context, if any. */
export function currentCall(): Call | undefined {
  return context.active().getValue(callKey) as Call | undefined;
}

/** One call of a model, whatever its retries: a span, a line in the log, and its metrics, all once. Never throws. */
export class Call {
  readonly context: Context;
  readonly answered: Answered = {};
  readonly #asked: Asked;
  readonly #parent: Context;
  readonly #span: Span;
  readonly #begun = performance.now();
  readonly #model: CalledModel;
  #firstChunk: number | undefined;
  #retries = 0;
  #status: number | undefined;
  #ended = false;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#parent = context.active();
    const attributes = Object.assign(aboutAsked(asked), ownerAttributes(this.#parent));
    if (asked.stream) attributes[emittedName("stream")] = true;
    const name = asked.model === undefined ? asked.operation : `${asked.operation} ${asked.model}`;
    this.#span = tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }, this.#parent);
    this.context = trace.setSpan(this.#parent, this.#span).setValue(callKey, this);
    state.open.add(this);
    this.#model = calledModel(asked.provider, asked.model ?? "unknown");
    this.#model.inProgress++;
    beginsInstead(this.#parent, asked.provider, this.#place.model);
  }

  /** Labels of metrics about where it went. */
  get #place(): CalledModel["labels"] {
    return this.#model.labels;
  }

  /** Whether content is to be kept of this call. */
  get keepsContent(): boolean {
    return state.content !== undefined && this.#span.isRecording();
  }

  retried(): void {
    this.#retries++;
    meters().retry(this.#place);
  }

  /** An answer of HTTP, or the error that a client made of it: its status, and what its headers say of rate limits. */
  responded({ status, headers }: { status?: unknown; headers?: unknown } = {}): void {
    if (typeof status === "number") this.#status = status;
    keepRateLimits(headers, this.#model);
  }

  /** A part of a stream arrived. */
  chunk(): void {
    this.#firstChunk ??= (performance.now() - this.#begun) / 1000;
  }

  /** It went well, as far as it went. */
  finish(): void {
    this.#end();
  }

  /** Whoever read its answer stopped: no failure of the provider's. */
  abandon(): void {
    if (this.#ended) return;
    this.answered.finishReasons = [left];
    this.#end();
  }

  /** It failed with what the client throws. */
  fail(error: unknown): void {
    if (this.#ended) return;
    const { status, headers, code, type, name, message } = (error ?? {}) as Record<string, unknown>;
    this.responded({ status, headers });
    const nested = (error as { error?: { error?: { type?: unknown } } } | undefined)?.error?.error?.type;
    const own = [code, nested, type].find((each) => typeof each === "string" && each !== "");
    const made = (error as object | undefined)?.constructor?.name;
    const kind = own ?? (status === undefined ? (made ?? name) : status);
    this.#end(String(kind ?? "unknown").slice(0, 100), redacted(String(message ?? error), 500));
  }

  #end(errorType?: string, message?: string): void {
    if (this.#ended) return;
    this.#ended = true;
    state.open.delete(this);
    this.#model.inProgress--;
    try {
      if (errorType !== undefined)
        failedOnTheWay(this.#parent, {
          ...this.#place,
          errorType,
          status: this.#status,
          message: message ?? "",
        });
      this.#record((performance.now() - this.#begun) / 1000, errorType, message);
    } catch {
      // Whatever is wrong with telemetry is not the application's affair.
    }
  }

  #record(took: number, errorType: string | undefined, message: string | undefined): void {
    const { answered } = this;
    const usage = answered.usage ?? {};
    const told: Attributes = {};
    const tell = (field: Parameters<typeof emittedName>[0], value: Attributes[string]) => {
      if (value !== undefined) told[emittedName(field, state.generation)] = value;
    };
    tell("responseId", answered.id);
    tell("responseModel", answered.model);
    tell("finishReasons", answered.finishReasons);
    tell("serviceTier", answered.serviceTier);
    tell("inputTokens", usage.input);
    tell("outputTokens", usage.output);
    tell("cacheReadTokens", usage.cacheRead || undefined);
    tell("cacheWriteTokens", usage.cacheWrite || undefined);
    tell("reasoningTokens", usage.reasoning || undefined);
    tell("cacheWriteHourTokens", usage.cacheWriteHour || undefined);
    tell("inputAudioTokens", usage.inputAudio || undefined);
    tell("outputAudioTokens", usage.outputAudio || undefined);
    tell("timeToFirstToken", this.#firstChunk);
    tell("httpStatus", this.#status);
    tell("retries", this.#retries || undefined);
    tell("errorType", errorType);
    const span = this.#span;
    span.setAttributes(told);
    if (this.keepsContent) this.#recordContent(span);
    if (errorType !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.end();
    this.#recordMetrics(took, errorType, usage);
    this.#log(took, told, errorType, message);
  }

  #recordContent(span: Span): void {
    const redact = state.content!;
    const { instructions, input } = this.#asked;
    if (instructions !== undefined) span.setAttribute(contentNames.instructions, redact(instructions));
    if (input !== undefined) span.setAttribute(contentNames.input, redact(input));
    if (this.answered.output !== undefined)
      span.setAttribute(contentNames.output, redact(this.answered.output));
  }

  #recordMetrics(took: number, errorType: string | undefined, usage: Usage): void {
    const attributes = aboutAsked(this.#asked);
    if (this.answered.model !== undefined) attributes[emittedName("responseModel")] = this.answered.model;
    if (errorType !== undefined) attributes[emittedName("errorType")] = errorType;
    meters().call(attributes, took, this.#firstChunk, usage, this.context);
  }

  /** One line for the call, beside its span: without whom it was for. */
  #log(took: number, told: Attributes, errorType: string | undefined, message: string | undefined): void {
    const { operation, model } = this.#asked;
    const failed = errorType !== undefined;
    // Without a spread or a `delete`: objects become slow by them.
    const attributes = aboutAsked(this.#asked);
    const owner = ownerAttributes(this.#parent);
    for (const name in owner) if (name !== userName) attributes[name] = owner[name];
    Object.assign(attributes, told);
    const how = failed ? `failed: ${errorType}: ${message}` : "answered";
    logger().emit({
      severityNumber: failed ? SeverityNumber.ERROR : SeverityNumber.INFO,
      severityText: failed ? "ERROR" : "INFO",
      body: `${operation} ${model ?? "unknown model"} ${how} after ${took.toFixed(3)} s`,
      attributes,
      context: this.context,
    });
  }
}

const userName = emittedName("user");

function aboutAsked({ operation, provider, model }: Asked): Attributes {
  const attributes: Attributes = {
    [emittedName("operation")]: operation,
    [emittedName("provider")]: provider,
  };
  if (model !== undefined) attributes[emittedName("requestModel")] = model;
  return attributes;
}
