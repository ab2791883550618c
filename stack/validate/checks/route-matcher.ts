import { knownAlerts } from "../alerting/alerts.js";
import { routesBelow, routing } from "../alerting/routing.js";
import { unmatched } from "../alerting/unmatched.js";
import type { Check } from "../check.js";
import type { Problem } from "../problem.js";

/** A route for alerts that don't exist: a label, or a value of one, that no alert of the rules can have. */
export const routeMatcher: Check = {
  id: "route-matcher",
  async run(context) {
    const { routes } = routing(context);
    if (routes.length === 0) return [];
    const alerts = await knownAlerts(context);
    return [...routes].flatMap((route) =>
      [...routesBelow(route)].flatMap(({ matchers, matchersPlace, receiver }): Problem[] => {
        const found = unmatched(matchers, alerts);
        return found
          ? [
              {
                id: "route-matcher",
                severity: "warning",
                what: found.what,
                why: `This route to "${receiver}" takes nothing.`,
                ...(found.next && { next: found.next }),
                place: matchersPlace,
              },
            ]
          : [];
      }),
    );
  },
};
