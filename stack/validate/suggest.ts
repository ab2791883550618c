import { closest, distance } from "fastest-levenshtein";

/**
 * The known name that a misspelt one most likely meant, or undefined when none is near.
 * Near: at most a third of its letters (and at least one, two from four letters on) differ, upper and lower case counting as equal.
 */
export function didYouMean(unknown: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = new Map(known.map((name) => [name.toLowerCase(), name]));
  const nearest = closest(unknown.toLowerCase(), [...lower.keys()]);
  const allowed = Math.max(unknown.length > 3 ? 2 : 1, Math.floor(unknown.length / 3));
  return distance(unknown.toLowerCase(), nearest) <= allowed ? lower.get(nearest) : undefined;
}
