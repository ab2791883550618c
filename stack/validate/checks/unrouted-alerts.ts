import { atKey, type Check } from "../check.js";

/** With several receivers nobody can tell who gets what no route takes. */
export const unroutedAlerts: Check = {
  id: "unrouted-alerts",
  run(context) {
    const { receivers, route } = context.input.stack.alerting;
    const names = Object.keys(receivers);
    if (names.length < 2 || route.receiver !== undefined) return [];
    return [
      {
        id: "unrouted-alerts",
        severity: "warning",
        what: "Alerts that no route takes reach nobody: alerting.route has no receiver.",
        next: `Set it to the receiver for everything else, one of: ${names.join(", ")}.`,
        place: atKey(context, "alerting.route"),
      },
    ];
  },
};
