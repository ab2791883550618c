import type { Call } from "../call.js";

/** Calls that are remembered: two spans of one call come together, or soon after one another. */
const mostRemembered = 5_000;

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
  private readonly known = new Map<string, Call>();

  /**
   * Whether another span told of this call before. Where that one isn't written yet it learns what only this one knows.
   */
  has(call: Call): boolean {
    if (call.responseId === null) return false;
    const key = `${call.service}\n${call.provider}\n${call.responseId}`;
    const first = this.known.get(key);
    // The same span again is sent because it wasn't written; an answer of another time is another call's.
    if (first === undefined || first.spanId === call.spanId || !overlap(first, call)) {
      this.remember(key, call);
      return false;
    }
    if (isNested(first, call)) return false;
    for (const field of complements) learn(first, call, field);
    return true;
  }

  private remember(key: string, call: Call): void {
    if (this.known.size >= mostRemembered) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, call);
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
