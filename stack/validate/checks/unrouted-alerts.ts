import { placeIn } from "../../rules/check.js";
import { ownReceivers } from "../../services/names.js";
import { fulfils, knownAlerts } from "../alerting/alerts.js";
import { alertmanagerConfig, routing } from "../alerting/routing.js";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { mappingAt } from "../yaml-values.js";

/** With several receivers nobody can tell who gets what no route takes. */
export const unroutedAlerts: Check = {
  id: "unrouted-alerts",
  async run(context) {
    const root = routing(context);
    const own: readonly string[] = Object.values(ownReceivers);
    const { receivers } = alertmanagerConfig(context);
    const names = (Array.isArray(receivers) ? receivers : [])
      .map((each) => String(mappingAt(each, []).name))
      .filter((name) => !own.includes(name));
    const meant = mappingAt(context.input.stack.overrides.alertmanager, ["route"]).receiver !== undefined;
    // Without any receiver alerts are for whoever looks at Alertmanager's page.
    if (names.length === 0 || meant || root.receiver !== ownReceivers.nobody) return [];
    const next = `Set alerting.route.receiver to the receiver for everything else, one of: ${names.join(", ")}.`;
    const unrouted = (await knownAlerts(context)).filter((alert) =>
      root.routes.every(({ matchers }) => fulfils(alert, matchers) === "no"),
    );
    if (unrouted.length > 0) {
      return unrouted.map(
        ({ rule }): Problem => ({
          id: "unrouted-alerts",
          severity: "warning",
          what: `No route takes the alert "${rule.name.value}": it reaches nobody.`,
          why: "alerting.route has no receiver for what none of its routes matches.",
          next: `Give it the labels of a route. Or: s${next.slice(1)}`,
          place: placeIn(rule.group.file, rule.name),
        }),
      );
    }
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
