import type { Call } from "../call.js";

/** At least so many calls are remembered, twice as many at most: two spans of one call come in one batch mostly. */
const remembered = 2_000;

/** What one instrumentation may know of a call and another not. */
const complements = [
  "user",
  "team",
  "feature",
  "environment",
  "agent",
  "serviceTier",
  "promptName",
  "promptVersion",
  "finishReason",
  "timeToFirstToken",
] as const satisfies readonly (keyof Call)[];

/**
 * Finds calls that two spans tell of without one lying in the other: a client that makes spans by itself, beside an
 * instrumentation that starts its own elsewhere. They bear the same id of the provider's answer, are of one service, and
 * overlap in time; an answer that a cache gives again does not.
 */
export class Twins {
  /** By the provider's id of its answer: the last ones, and those before them. */
  private latest = new Map<string, Call>();
  private before = new Map<string, Call>();

  /**
   * Whether another span told of this call before. Where that one isn't written yet it learns what only this one knows.
   */
  has(call: Call): boolean {
    if (call.responseId === null) return false;
    const first = this.latest.get(call.responseId) ?? this.before.get(call.responseId);
    // The same span again is sent because it wasn't written; an answer of another time is another call's.
    if (first === undefined || first.spanId === call.spanId || !overlap(first, call)) {
      this.remember(call.responseId, call);
      return false;
    }
    if (first.service !== call.service || isNested(first, call)) return false;
    for (const field of complements) learn(first, call, field);
    return true;
  }

  private remember(responseId: string, call: Call): void {
    if (this.latest.size >= remembered) {
      this.before = this.latest;
      this.latest = new Map();
    }
    this.latest.set(responseId, call);
  }
}

/** Of one trace, and one directly in the other: those are told apart by what lies inside. */
function isNested(one: Call, other: Call): boolean {
  return (
    one.traceId === other.traceId && (one.parentSpanId === other.spanId || other.parentSpanId === one.spanId)
  );
}

function overlap(one: Call, other: Call): boolean {
  const end = ({ timestamp, latency }: Call) => timestamp.getTime() + (latency ?? 0) * 1000;
  return one.timestamp.getTime() <= end(other) && other.timestamp.getTime() <= end(one);
}

function learn<Field extends (typeof complements)[number]>(to: Call, from: Call, field: Field): void {
  to[field] ??= from[field];
}
