import { type Attributes, context, type SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { inject } from "../../sdk/index.js";
import { ownerAttributes } from "../../sdk/owner.js";
import { emittedName } from "../../semconv.js";

/** Name of the tracer and meter of what is no SDK's affair: HTTP and queues. */
export const scope = "obs-demo";

/** Header in which a request's id travels, beside trace and owner. */
export const requestIdHeader = "x-request-id";

/** Runs a function in a span of a kind; a failure is the span's, with its HTTP status, or the name of the error. */
export async function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  fn: (set: (more: Attributes) => void) => Promise<T>,
): Promise<T> {
  const span = trace.getTracer(scope).startSpan(name, { kind, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () =>
      fn((more) => span.setAttributes(more)),
    );
  } catch (error) {
    const { name: type, message, status } = error as Error & { status?: number };
    span.setAttribute(emittedName("errorType"), status === undefined ? type : String(status));
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}

/** Id of the request that is being worked on. */
export function requestId(): string | undefined {
  const id = ownerAttributes(context.active())[emittedName("requestId")];
  return typeof id === "string" ? id : undefined;
}

/** Headers that carry trace, owner and request to another program. */
export function carried(): Record<string, string> {
  const id = requestId();
  return { ...inject(), ...(id !== undefined && { [requestIdHeader]: id }) };
}
