import { knownAlerts, targetLabels } from "../alerting/alerts.js";
import { routesBelow, routing } from "../alerting/routing.js";
import { unmatched } from "../alerting/unmatched.js";
import type { Check } from "../check.js";
import type { Problem } from "../problem.js";

const id = "route-matcher";

/** A route whose matchers Alertmanager refuses, or that is for alerts which don't exist: no alert of the rules can fulfil one. */
export const routeMatcher: Check = {
  id,
  async run(context) {
    const routes = routing(context).routes.filter(({ builtIn }) => !builtIn);
    if (routes.length === 0) return [];
    const alerts = await knownAlerts(context);
    return routes.flatMap((top) =>
      [...routesBelow(top)].flatMap(({ matchers, faults, placeOf, receiver }): Problem[] => {
        if (faults.length > 0)
          return faults.map((fault) => ({
            id,
            severity: "error",
            why: "Alertmanager does not start with it.",
            ...fault,
          }));
        const found = unmatched(matchers, alerts, targetLabels(context));
        return found
          ? [
              {
                id,
                severity: "warning",
                what: found.what,
                why: `This route to "${receiver}" waits in vain.`,
                ...(found.next && { next: found.next }),
                place: placeOf(found.matcher),
              },
            ]
          : [];
      }),
    );
  },
};
