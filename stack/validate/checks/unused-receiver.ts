import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { routesOf } from "../routes.js";

/** A receiver that no route leads to: its people wait for alerts in vain. */
export const unusedReceiver: Check = {
  id: "unused-receiver",
  run(context) {
    const { receivers, route, heartbeat } = context.input.stack.alerting;
    const names = Object.keys(receivers).filter((name) => name !== heartbeat?.receiver);
    // A single receiver gets everything, unless the root route says otherwise.
    if (names.length === 1 && route.receiver === undefined) return [];
    const used = new Set(routesOf(route).map(({ receiver }) => receiver));
    return names
      .filter((name) => !used.has(name))
      .map(
        (name): Problem => ({
          id: "unused-receiver",
          severity: "warning",
          what: `No route leads to the receiver "${name}".`,
          why: "It will never be told of an alert.",
          next: "Name it in alerting.route or one of its routes, or take it out.",
          place: atKey(context, `alerting.receivers.${name}`),
        }),
      );
  },
};
