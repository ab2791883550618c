import type { Call } from "../call.js";

/** A span that the ledger has, as far as nesting goes. */
export interface Known {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** See {@link kindOf}. */
  kind: string;
  /** `billed`, or why it isn't: another span inside it is, or one around it. */
  place: "billed" | "outer" | "inner";
}

/** What becomes of calls that just came. */
export interface Sorted {
  billed: Call[];
  nested: { call: Call; place: "outer" | "inner" }[];
}

/**
 * Where two instrumentations tell of the same call, one span lies inside the other, and only the innermost is billed.
 * Should an outer one have come (and been billed) before, the inner one isn't: counters never go back.
 * `known` are the spans of the same traces that came before. Calls that are known are left out of the result.
 */
export function sortNested(calls: readonly Call[], known: readonly Known[]): Sorted {
  const places = new Map(known.map((each) => [idOf(each), each]));
  const fresh = new Map<string, Call>();
  for (const call of calls) {
    const id = idOf(call);
    if (!places.has(id)) fresh.set(id, call);
  }
  // A parent and its child tell of one call only when they do the same kind of thing.
  const parents = new Set<string>();
  const addParent = (traceId: string, parentSpanId: string, kind: string) => {
    if (parentSpanId !== "") parents.add(`${idOf({ traceId, spanId: parentSpanId })}/${kind}`);
  };
  for (const { traceId, parentSpanId, kind } of known) addParent(traceId, parentSpanId, kind);
  for (const call of fresh.values()) addParent(call.traceId, call.parentSpanId, kindOf(call));
  const result: Sorted = { billed: [], nested: [] };
  for (const [id, call] of fresh) {
    if (isInside(call)) result.nested.push({ call, place: "inner" });
    else if (parents.has(`${id}/${kindOf(call)}`)) result.nested.push({ call, place: "outer" });
    else result.billed.push(call);
  }
  return result;

  /** Whether a span around it was billed before. */
  function isInside({ traceId, parentSpanId, operation }: Call, depth = 0): boolean {
    // Whoever sends spans in a circle sends nonsense.
    if (parentSpanId === "" || depth > 100) return false;
    const id = idOf({ traceId, spanId: parentSpanId });
    const kind = kindOf({ operation });
    const before = places.get(id);
    if (before) return before.kind === kind && before.place !== "outer";
    const parent = fresh.get(id);
    return parent !== undefined && kindOf(parent) === kind && isInside(parent, depth + 1);
  }
}

/** What a call does: `inference` or `embedding`. */
export function kindOf({ operation }: Pick<Call, "operation">): string {
  return operation === "embeddings" ? "embedding" : "inference";
}

function idOf({ traceId, spanId }: { traceId: string; spanId: string }): string {
  return `${traceId}/${spanId}`;
}
