import { whoIsTold } from "../alerting/who-is-told.js";
import { atKey, type Check } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";

/** Cases of the routes: an alert with these labels is told to these receivers and nobody else. */
export const routeCase: Check = {
  id: "route-case",
  run(context) {
    const { routeCases } = context.input.stack.alerting;
    return routeCases.flatMap(({ labels, receivers }, at): Problem[] => {
      const told = whoIsTold(context, labels);
      const names = [...new Set(told.map(({ receiver }) => receiver))];
      const missing = receivers.filter((name) => !names.includes(name));
      const extra = told.filter(({ receiver }) => !receivers.includes(receiver));
      if (missing.length === 0 && extra.length === 0) return [];
      return [
        {
          id: "route-case",
          severity: "error",
          what: `${shown(labels)} is told to ${names.join(", ") || "nobody"}, and should be to ${receivers.join(", ") || "nobody"}.`,
          ...(extra.length > 0 && {
            why: extra.map(({ receiver, route }) => `${receiver} by ${route}`).join("; "),
          }),
          next: "Mend the routes, or the case. Routes are tried in order: the first that matches takes the alert.",
          place: atKey(context, keyPath(["alerting", "routeCases", at])),
        },
      ];
    });
  },
};

function shown(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length > 0 ? `An alert with ${pairs.join(", ")}` : "An alert without labels";
}
