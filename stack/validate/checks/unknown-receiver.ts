import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { routesOf } from "../routes.js";
import { didYouMean } from "../suggest.js";

/** A route that leads to a receiver nobody defined. */
export const unknownReceiver: Check = {
  id: "unknown-receiver",
  run(context) {
    const { receivers, route, heartbeat } = context.input.stack.alerting;
    const names = Object.keys(receivers);
    const named = [
      ...routesOf(route),
      ...(heartbeat ? [{ ...heartbeat, keyPath: "alerting.heartbeat" }] : []),
    ];
    return named.flatMap(({ receiver, keyPath }): Problem[] => {
      if (receiver === undefined || names.includes(receiver)) return [];
      const meant = didYouMean(receiver, names);
      return [
        {
          id: "unknown-receiver",
          severity: "error",
          what: `There is no receiver "${receiver}".`,
          next: meant
            ? `Did you mean "${meant}"?`
            : names.length > 0
              ? `Known receivers: ${names.join(", ")}.`
              : "Define it under alerting.receivers.",
          place: atKey(context, `${keyPath}.receiver`),
        },
      ];
    });
  },
};
