import type { AlertMatcher, Verdict } from "./matchers.js";
import type { Route } from "./routing.js";

/**
 * The routes that an alert ends at, in Alertmanager's order: it goes down into every route that takes it, until one doesn't
 * say `continue`, and stays where none of the routes below takes it. Where a condition may hold or not, all that may follow.
 * `verdict`: whether the alert fulfils some matchers.
 */
export function reached(root: Route, verdict: (matchers: readonly AlertMatcher[]) => Verdict): Route[] {
  const ends: Route[] = [];
  let taken = false;
  for (const route of root.routes) {
    const fulfilled = verdict(route.matchers);
    if (fulfilled === "no") continue;
    ends.push(...reached(route, verdict));
    if (fulfilled === "maybe") continue;
    taken = true;
    if (!route.continue) break;
  }
  return taken ? ends : [...ends, root];
}
