import type { Problem } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";

/** A name that no typed alert has. `otherwise`: what to do where it isn't merely misspelt. */
export function unknownAlert(name: string, known: readonly string[], otherwise: string): Problem {
  const meant = didYouMean(name, known);
  return {
    id: "unknown-alert",
    severity: "error",
    what: `There is no typed alert called "${name}".`,
    next: meant ? `Did you mean "${meant}"?` : otherwise,
  };
}
