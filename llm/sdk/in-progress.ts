import { state } from "./state.js";

/** Calls of one model that go on now, with the labels of the metric that tells them. */
export interface InProgress {
  readonly labels: Readonly<{ model: string; provider: string }>;
  calls: number;
}

/** Models are few; a name made up for each call must not fill the memory. */
const atMost = 500;

/** Where calls of a model are counted: only counted, and told when metrics are collected, which costs a call nothing. */
export function inProgress(provider: string, model: string): InProgress {
  const known = state.inProgress;
  const key = `${provider}\n${model}`;
  let found = known.get(key);
  if (!found) {
    if (known.size >= atMost) forgetOneAtRest(known);
    found = { labels: { model, provider }, calls: 0 };
    known.set(key, found);
  }
  return found;
}

/** Every model that was called lately, also those that nobody calls now: their series must come back to zero. */
export function allInProgress(): Iterable<InProgress> {
  return state.inProgress.values();
}

function forgetOneAtRest(known: Map<string, InProgress>): void {
  for (const [key, { calls }] of known) {
    if (calls > 0) continue;
    known.delete(key);
    return;
  }
}
