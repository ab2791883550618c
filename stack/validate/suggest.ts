import { closest, distance } from "fastest-levenshtein";

/**
 * The known name that a misspelt one most likely meant, or undefined when none is near.
 * Near: at most a third of its letters (and at least one, two from four letters on) differ, upper and lower case counting
 * as equal; or the same letters in another order (`fro`, `for`); or one is the beginning of the other (`user`, `username`) and no other known name is.
 */
export function didYouMean(unknown: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = new Map(known.map((name) => [name.toLowerCase(), name]));
  const nearest = closest(unknown.toLowerCase(), [...lower.keys()]);
  const allowed = Math.max(unknown.length > 3 ? 2 : 1, Math.floor(unknown.length / 3));
  if (distance(unknown.toLowerCase(), nearest) <= allowed) return lower.get(nearest);
  const letters = sorted(unknown.toLowerCase());
  const shuffled = [...lower.keys()].filter((name) => sorted(name) === letters);
  if (shuffled.length === 1) return lower.get(shuffled[0]!);
  const longer = [...lower.keys()].filter((name) => sharesBeginning(unknown.toLowerCase(), name));
  return longer.length === 1 ? lower.get(longer[0]!) : undefined;
}

function sorted(name: string): string {
  return [...name].sort().join("");
}

function sharesBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
}
