import { contradiction, implies, shownMatcher } from "../alerting/matchers.js";
import { type Route, routing } from "../alerting/routing.js";
import type { Check } from "../check.js";
import type { Place, Problem } from "../problem.js";

const id = "unreachable-route";

/** Alertmanager goes down the first route that matches: what an earlier one takes, a later one never sees. */
export const unreachableRoute: Check = {
  id,
  run: (context) => [...unreachable(routing(context), [])],
};

function* unreachable(parent: Route, above: readonly Route[]): Generator<Problem> {
  const chain = [...above, parent];
  for (const [at, route] of parent.routes.entries()) {
    const conditions = [...chain.flatMap(({ matchers }) => matchers), ...route.matchers];
    const earlier = parent.routes
      .slice(0, at)
      .find((other) => !other.continue && implies(conditions, other.matchers));
    const never = contradiction(
      chain.flatMap(({ matchers }) => matchers),
      route.matchers,
    );
    if (earlier) {
      yield {
        id,
        severity: "warning",
        what: `No alert gets as far as this route to "${route.receiver}".`,
        why: `${shownPlace(earlier.place)} takes ${earlier.matchers.length === 0 ? "everything" : `everything with ${earlier.matchers.map(shownMatcher).join(", ")}`} before it.`,
        next: earlier.builtIn
          ? `Name "${route.receiver}" in alerting.heartbeat instead.`
          : "Put this route first, or let the other one go on with `continue: true`.",
        place: route.place,
      };
    } else if (never) {
      yield {
        id,
        severity: "warning",
        what: `No alert gets as far as this route to "${route.receiver}".`,
        why: `It wants ${shownMatcher(never.other)}, and a route around it ${shownMatcher(never.one)}.`,
        next: "Move it out of that route.",
        place: route.place,
      };
    } else {
      yield* unreachable(route, chain);
    }
  }
}

function shownPlace({ keyPath = "" }: Place): string {
  return keyPath;
}
