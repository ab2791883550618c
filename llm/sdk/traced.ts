import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { contentNames, emittedName, operationNames, unattributed } from "../semconv.js";
import { redacted } from "./content.js";
import { agentOf, generalAttributes, inAgent, ownerAttributes } from "./owner.js";
import { meters, tracer } from "./registered.js";
import { state } from "./state.js";

/** What a span is made of beside its name. */
export interface TracedOptions {
  attributes?: Attributes;
}

/** What a tool was given: recorded only where content is. */
export interface ToolOptions extends TracedOptions {
  arguments?: unknown;
}

/**
 * Runs a function in a span: `traced("retrieve documents", () => search(question))`. Gives what the function gives and
 * throws what it throws, which makes the span failed. The span ends when the promise does that an async function gives.
 */
export function traced<T>(name: string, fn: (span: Span) => T, options: TracedOptions = {}): T {
  return inSpan(name, SpanKind.INTERNAL, { ...options.attributes }, fn);
}

/**
 * Runs one turn of an agent: a span `invoke_agent <name>` that all calls of models and tools inside belong to, how long
 * it took, and the count of those that run now.
 */
export function agent<T>(name: string, fn: (span: Span) => T, options: TracedOptions = {}): T {
  const outer = context.active();
  const owner = ownerAttributes(outer);
  const labels = {
    agent: name,
    feature: owner[emittedName("feature")] ?? unattributed,
    team: owner[emittedName("team")] ?? unattributed,
  };
  const attributes = {
    ...options.attributes,
    [emittedName("operation")]: operationNames.invokeAgent,
    [emittedName("agent")]: name,
  };
  const { active, agent: record } = meters();
  return context.with(inAgent(outer, name), () => {
    active.add(1, labels);
    return inSpan(
      `${operationNames.invokeAgent} ${name}`,
      SpanKind.INTERNAL,
      attributes,
      fn,
      (took, error) => {
        active.add(-1, labels);
        record({ [emittedName("agent")]: name, ...failure(error) }, took);
      },
    );
  });
}

/** Runs one call of a tool: a span `execute_tool <name>`, of the agent that it is in, and how long it took. */
export function tool<T>(name: string, fn: (span: Span) => T, options: ToolOptions = {}): T {
  const attributes: Attributes = {
    ...options.attributes,
    [emittedName("operation")]: operationNames.executeTool,
    [emittedName("tool")]: name,
  };
  const redact = state.content;
  if (redact && options.arguments !== undefined)
    attributes[contentNames.toolArguments] = redact(options.arguments);
  const { tool: record } = meters();
  const of = agentOf(context.active());
  return inSpan(
    `${operationNames.executeTool} ${name}`,
    SpanKind.INTERNAL,
    attributes,
    (span) => {
      const result = fn(span);
      return redact ? then(result, (it) => span.setAttribute(contentNames.toolResult, redact(it))) : result;
    },
    (took, error) =>
      record(
        {
          [emittedName("tool")]: name,
          ...(of !== undefined && { [emittedName("agent")]: of }),
          ...failure(error),
        },
        took,
      ),
  );
}

interface Failure {
  error: unknown;
}

function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  fn: (span: Span) => T,
  ended: (took: number, failed?: Failure) => void = () => {},
): T {
  const begun = performance.now();
  const parent = context.active();
  const isGenAi = emittedName("operation") in attributes;
  const all = { ...(isGenAi ? ownerAttributes(parent) : generalAttributes(parent)), ...attributes };
  const span = tracer().startSpan(name, { kind, attributes: all }, parent);
  const end = (failed?: Failure) => {
    if (failed) {
      const { error } = failed;
      span.setAttribute(emittedName("errorType"), errorName(error));
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: redacted(String((error as Error | undefined)?.message ?? error), 500),
      });
      if (error instanceof Error) {
        const { name: type, message, stack } = error;
        span.recordException({
          name: type,
          message: redacted(message, 500),
          stack: stack && redacted(stack, 4_000),
        });
      }
    }
    ended((performance.now() - begun) / 1000, failed);
    span.end();
  };
  let result: T;
  try {
    result = context.with(trace.setSpan(parent, span), () => fn(span));
  } catch (error) {
    end({ error });
    throw error;
  }
  if (isPromise(result)) {
    const watched = result.then(
      (value) => {
        end();
        return value;
      },
      (error) => {
        end({ error });
        throw error;
      },
    );
    if (isPlain(result)) return watched as T;
    // A client's own promise has more to it than a result; its failure is for whoever holds it.
    Promise.resolve(watched).catch(() => {});
    return result;
  }
  end();
  return result;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

function isPlain(promise: PromiseLike<unknown>): boolean {
  return promise.constructor === Promise;
}

/** Looks at a result, now or when it is there. */
function then<T>(result: T, look: (value: unknown) => unknown): T {
  if (!isPromise(result)) {
    look(result);
    return result;
  }
  return result.then((value) => {
    look(value);
    return value;
  }) as T;
}

function errorName(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : typeof error;
}

function failure(failed: Failure | undefined): Attributes {
  return failed ? { [emittedName("errorType")]: errorName(failed.error) } : {};
}
