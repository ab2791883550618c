import { randomBytes } from "node:crypto";
import type { AttributeValue, Span } from "../../llm/call.js";

/** Noon of a day in November, Unix milliseconds. */
export const noon = Date.UTC(2026, 10, 21, 12);

/** A span that took a second from {@link noon} on, with other parts where given. */
export function span(
  attributes: Record<string, AttributeValue>,
  {
    resource = {},
    ...rest
  }: Partial<Omit<Span, "attributes" | "resource">> & {
    resource?: Record<string, AttributeValue>;
  } = {},
): Span {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "",
    name: "call",
    startMs: noon,
    endMs: noon + 1000,
    failed: false,
    statusMessage: "",
    scope: "",
    traceState: "",
    attributes: new Map(Object.entries(attributes)),
    resource: new Map(Object.entries(resource)),
    ...rest,
  };
}

/** A call of 100 tokens in and 20 out that ended a moment ago, with ids of its own. */
export function freshCall(
  attributes: Record<string, AttributeValue> = {},
  rest: Partial<Omit<Span, "resource">> = {},
): Span {
  const startMs = Date.now() - 5_000;
  return {
    ...span({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "own",
      "gen_ai.request.model": "own-model",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 20,
      ...attributes,
    }),
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    startMs,
    endMs: startMs + 400,
    ...rest,
  };
}
