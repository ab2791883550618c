import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Delivery } from "./delivery.js";
import { generalAttributes } from "./owner.js";
import { scope } from "./state.js";

/** Puts the owner on spans that others make in its context, and counts all that are to be sent. */
export function stampSpans(delivery: Pick<Delivery<never>, "ended">): SpanProcessor {
  return {
    onStart(span, parent) {
      // Ours have it already, and what belongs to calls of models would make others look like such.
      if (span.instrumentationScope.name !== scope) span.setAttributes(generalAttributes(parent));
    },
    onEnd(span) {
      if (span.spanContext().traceFlags & 1) delivery.ended();
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Counts lines that are to be sent. */
export function countLogs(delivery: Pick<Delivery<never>, "ended">): LogRecordProcessor {
  return {
    onEmit: () => delivery.ended(),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
