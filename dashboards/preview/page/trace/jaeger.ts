import type { JaegerSpan, JaegerTrace } from "../data/traces.js";
import { type Attribute, type AttributeValue, fullTraceId, type Span, type Trace } from "./trace.js";

/** Tags under which Jaeger keeps what OpenTelemetry has fields for. */
const ownTags = new Set([
  "error",
  "span.kind",
  "otel.status_code",
  "otel.status_description",
  "otel.scope.name",
  "otel.library.name",
  "internal.span.format",
]);

/** A trace as Jaeger's `/api/traces/<id>` answers it: the first of `data`. */
export function traceFromJaeger({ traceID, spans, processes }: JaegerTrace): Trace {
  return {
    traceId: fullTraceId(traceID),
    spans: (spans ?? []).map((span) => spanFromJaeger(span, processes?.[span.processID])),
  };
}

function spanFromJaeger(span: JaegerSpan, process: JaegerTrace["processes"][string] | undefined): Span {
  const { references = [], tags, logs = [] } = span;
  const tag = (name: string) => tags?.find(({ key }) => key === name)?.value;
  const parent = references.find(({ refType }) => refType === "CHILD_OF") ?? references[0];
  return {
    spanId: span.spanID,
    parentId: parent?.spanID ?? "",
    service: process?.serviceName ?? "unknown",
    name: span.operationName,
    start: span.startTime / 1000,
    duration: span.duration / 1000,
    kind: String(tag("span.kind") ?? ""),
    failed: tag("otel.status_code") === "ERROR" || tag("error") === true || tag("error") === "true",
    statusMessage: String(tag("otel.status_description") ?? ""),
    attributes: attributes(tags).filter(({ name }) => !ownTags.has(name)),
    resource: attributes(process?.tags),
    events: logs.map(({ timestamp, fields }) => {
      const named = attributes(fields);
      const name =
        named.find((each) => each.name === "event") ?? named.find((each) => each.name === "message");
      return {
        time: timestamp / 1000,
        name: String(name?.value ?? "event"),
        attributes: named.filter((each) => each !== name),
      };
    }),
    links: references
      .filter((reference) => reference !== parent)
      .map((reference) => ({
        traceId: fullTraceId((reference as { traceID?: string }).traceID ?? ""),
        spanId: reference.spanID,
      })),
    scope: String(tag("otel.scope.name") ?? tag("otel.library.name") ?? ""),
  };
}

const attributes = (tags: { key: string; value: unknown }[] = []): Attribute[] =>
  tags.map(({ key, value }) => ({ name: key, value: value as AttributeValue }));
