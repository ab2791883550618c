import { ownReceivers } from "../../services/names.js";
import { fulfils, knownAlerts } from "../alerting/alerts.js";
import { reached } from "../alerting/reached.js";
import { alertmanagerConfig, routing } from "../alerting/routing.js";
import type { Check } from "../check.js";
import { firstFew } from "../first-few.js";
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
      .filter((name) => !own.includes(name) && name !== context.input.stack.alerting.heartbeat?.receiver);
    const meant = mappingAt(context.input.stack.overrides.alertmanager, ["route"]).receiver !== undefined;
    // Without any receiver alerts are for whoever looks at Alertmanager's page.
    if (names.length === 0 || meant || root.receiver !== ownReceivers.nobody) return [];
    const unrouted = (await knownAlerts(context))
      .filter((alert) =>
        reached(root, (matchers) => fulfils(alert, matchers)).every(
          ({ receiver, builtIn }) => receiver === ownReceivers.nobody && !builtIn,
        ),
      )
      .map(({ rule }) => rule.name.value);
    return [
      {
        id: "unrouted-alerts",
        severity: "warning",
        what: "Alerts that no route takes reach nobody: alerting.route has no receiver.",
        ...(unrouted.length > 0 && { why: `Of your rules these do: ${firstFew([...new Set(unrouted)])}.` }),
        next: `Set it to the receiver for everything else, one of: ${names.join(", ")}.`,
        place: root.place,
      },
    ];
  },
};
