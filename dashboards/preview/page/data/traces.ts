import type { DataFrame } from "@grafana/data";
import { field, frame } from "./frames.js";
import type { Alternatives, Condition } from "./traceql-conditions.js";

/** A trace as Jaeger answers it. */
export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags?: JaegerTag[] }>;
}

/** A span as Jaeger answers it. Times in microseconds. */
export interface JaegerSpan {
  spanID: string;
  operationName: string;
  startTime: number;
  duration: number;
  processID: string;
  references?: { refType: string; spanID: string }[];
  tags?: JaegerTag[];
  logs?: { timestamp: number; fields: JaegerTag[] }[];
}

interface JaegerTag {
  key: string;
  value: unknown;
}

/** A trace that a search found. Times in milliseconds. */
export interface FoundTrace {
  traceId: string;
  start: number;
  service: string;
  name: string;
  duration: number;
}

/** What Tempo's `/api/search` answers. */
export interface TempoSearch {
  traces?: {
    traceID: string;
    rootServiceName?: string;
    rootTraceName?: string;
    startTimeUnixNano?: string;
    durationMs?: number;
  }[];
}

/** Found traces as the table that Grafana shows of them, newest first; the first column opens a trace. */
export function foundTraces(traces: readonly FoundTrace[], refId: string, query: string): DataFrame {
  const sorted = [...traces].sort((one, other) => other.start - one.start);
  return frame(
    [
      field(
        "traceID",
        "string",
        sorted.map(({ traceId }) => traceId),
        { config: { displayNameFromDS: "Trace ID" } },
      ),
      field(
        "startTime",
        "time",
        sorted.map(({ start }) => start),
        { config: { displayNameFromDS: "Start time" } },
      ),
      field(
        "traceService",
        "string",
        sorted.map(({ service }) => service),
        { config: { displayNameFromDS: "Service" } },
      ),
      field(
        "traceName",
        "string",
        sorted.map(({ name }) => name),
        { config: { displayNameFromDS: "Name" } },
      ),
      field(
        "traceDuration",
        "number",
        sorted.map(({ duration }) => duration),
        { config: { displayNameFromDS: "Duration", unit: "ms" } },
      ),
    ],
    {
      refId,
      meta: {
        preferredVisualisationType: "table",
        executedQueryString: query,
        custom: { resultType: "traces" },
      },
    },
  );
}

/** What Tempo found. */
export function fromTempo({ traces = [] }: TempoSearch): FoundTrace[] {
  return traces.map(({ traceID, rootServiceName, rootTraceName, startTimeUnixNano, durationMs }) => ({
    traceId: traceID.padStart(32, "0"),
    start: Number(startTimeUnixNano ?? 0) / 1e6,
    service: rootServiceName ?? "",
    name: rootTraceName ?? "",
    duration: durationMs ?? 0,
  }));
}

/** What Jaeger found, by the span without a parent that began first. */
export function fromJaeger(trace: JaegerTrace): FoundTrace {
  const known = new Set(trace.spans.map(({ spanID }) => spanID));
  const byStart = [...trace.spans].sort((one, other) => one.startTime - other.startTime);
  const root =
    byStart.find(({ references = [] }) => !references.some(({ spanID }) => known.has(spanID))) ?? byStart[0];
  const end = Math.max(...trace.spans.map(({ startTime, duration }) => startTime + duration));
  return {
    traceId: trace.traceID.padStart(32, "0"),
    start: (byStart[0]?.startTime ?? 0) / 1000,
    service: root ? (trace.processes[root.processID]?.serviceName ?? "") : "",
    name: root?.operationName ?? "",
    duration: byStart[0] ? (end - byStart[0].startTime) / 1000 : 0,
  };
}

/** The searches of Jaeger that together find what is looked for, as the parameters of `/api/traces`. */
export function jaegerSearches(
  alternatives: Alternatives,
  services: readonly string[],
  { from, to, limit }: { from: number; to: number; limit: number },
): string[] {
  return alternatives.flatMap((conditions) => {
    const named = conditions.filter(isService).map(({ value }) => String(value));
    const asked = named.length > 0 ? named : services.filter((service) => allows(conditions, service));
    return asked.map((service) => {
      const search = new URLSearchParams({
        service,
        start: String(Math.round(from * 1000)),
        end: String(Math.round(to * 1000)),
        limit: String(limit),
      });
      const tags: Record<string, string> = {};
      for (const { field: name, scope, operator, value } of conditions) {
        if (name === "duration" && (operator === ">" || operator === ">="))
          search.set("minDuration", `${value}ms`);
        if (name === "duration" && (operator === "<" || operator === "<="))
          search.set("maxDuration", `${value}ms`);
        if (operator !== "=") continue;
        if (name === "name" && scope === undefined) search.set("operation", String(value));
        if (name === "status" && scope === undefined && value === "error") tags.error = "true";
        if (scope !== undefined && name !== "service.name") tags[name] = String(value);
      }
      if (Object.keys(tags).length > 0) search.set("tags", JSON.stringify(tags));
      return search.toString();
    });
  });
}

const isService = ({ field: name, operator, scope }: Condition) =>
  name === "service.name" && operator === "=" && (scope === "resource" || scope === "");

/** Whether a service may have what is looked for, as far as conditions speak of its name. */
function allows(conditions: readonly Condition[], service: string): boolean {
  return conditions.every((each) => each.field !== "service.name" || meets(service, each));
}

/** Whether a trace has a span that meets all conditions of an alternative: Jaeger takes some of them less strictly. */
export function isLookedFor({ spans, processes }: JaegerTrace, alternatives: Alternatives): boolean {
  return spans.some((span) =>
    alternatives.some((conditions) =>
      conditions.every((each) => {
        const value = valueIn(span, processes[span.processID], each);
        return value === undefined ? each.operator === "!=" : meets(value, each);
      }),
    ),
  );
}

function valueIn(
  { operationName, duration, tags = [] }: JaegerSpan,
  process: JaegerTrace["processes"][string] | undefined,
  { field: name, scope }: Condition,
): unknown {
  const tag = (key: string) => tags.find((each) => each.key === key)?.value;
  if (scope === undefined) {
    if (name === "name") return operationName;
    if (name === "duration") return duration / 1000;
    if (name === "kind") return tag("span.kind") ?? "unspecified";
    if (name === "status")
      return tag("error") === true || tag("otel.status_code") === "ERROR"
        ? "error"
        : String(tag("otel.status_code") ?? "unset").toLowerCase();
    if (name === "statusMessage") return tag("otel.status_description");
  }
  if (name === "service.name") return process?.serviceName;
  const resource = process?.tags?.find(({ key }) => key === name)?.value;
  return scope === "resource" ? resource : scope === "span" ? tag(name) : (tag(name) ?? resource);
}

function meets(is: unknown, { operator, value }: Condition): boolean {
  switch (operator) {
    case "=":
      return String(is) === String(value);
    case "!=":
      return String(is) !== String(value);
    case "=~":
    case "!~":
      return whole(String(value)).test(String(is)) === (operator === "=~");
    case ">":
      return Number(is) > Number(value);
    case ">=":
      return Number(is) >= Number(value);
    case "<":
      return Number(is) < Number(value);
    default:
      return Number(is) <= Number(value);
  }
}

function whole(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    // What only Tempo's own expressions can say finds nothing here.
    return /^(?!)/;
  }
}
