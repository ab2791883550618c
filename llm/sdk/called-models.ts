import { state } from "./state.js";

/**
 * What is told of one model when metrics are collected: a call only leaves it here, which costs it next to nothing.
 */
export interface CalledModel {
  readonly labels: Readonly<{ model: string; provider: string }>;
  /** Calls that go on now. */
  inProgress: number;
  /** Headers of the newest answer that nobody has read yet; `at`: `performance.now()` at its arrival. */
  unread: { headers: object; at: number } | undefined;
}

/** Models are few; a name made up for each call must not fill the memory. */
const atMost = 500;

/** The one of a provider and model. */
export function calledModel(provider: string, model: string): CalledModel {
  const known = state.calledModels;
  const key = `${provider}\n${model}`;
  let found = known.get(key);
  if (!found) {
    if (known.size >= atMost) forgetOneAtRest(known);
    found = { labels: { model, provider }, inProgress: 0, unread: undefined };
    known.set(key, found);
  }
  return found;
}

/** Every model that was called lately, also those that nobody calls now: their series must come back to zero. */
export function calledModels(): Iterable<CalledModel> {
  return state.calledModels.values();
}

function forgetOneAtRest(known: Map<string, CalledModel>): void {
  for (const [key, { inProgress }] of known) {
    if (inProgress > 0) continue;
    known.delete(key);
    return;
  }
}
