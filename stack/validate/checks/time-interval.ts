import { isMapping } from "../../render/merge.js";
import { alertmanagerConfig, routesBelow, routing } from "../alerting/routing.js";
import { atKey, type Check } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";
import { repeated } from "../repeated.js";
import { didYouMean } from "../suggest.js";

const id = "time-interval";

/** Time intervals that routes name and nobody defines, and the other way round. */
export const timeInterval: Check = {
  id,
  run(context) {
    const config = alertmanagerConfig(context);
    const defined = ["time_intervals", "mute_time_intervals"].flatMap((key) => {
      const list = config[key];
      return (Array.isArray(list) ? list : []).filter(isMapping).map(({ name }, at) => ({
        name: String(name ?? ""),
        place: atKey(
          context,
          keyPath(
            context.input.stack.overrides.alertmanager?.[key] === undefined
              ? ["alerting", "timeIntervals", String(name)]
              : ["overrides", "alertmanager", key, at],
          ),
        ),
      }));
    });
    const names = defined.map(({ name }) => name);
    const distinct = [...new Set(names)];
    const used = [...routesBelow(routing(context))].flatMap(({ intervals }) => intervals);
    const meant = new Set(used.map(({ name }) => didYouMean(name, distinct) ?? name));
    return [
      ...used
        .filter(({ name }) => !names.includes(name))
        .map(({ name, place }): Problem => {
          const nearest = didYouMean(name, distinct);
          return {
            id,
            severity: "error",
            what: `There is no time interval "${name}".`,
            why: "Alertmanager does not start with a route that names one.",
            next: nearest
              ? `Did you mean "${nearest}"?`
              : names.length > 0
                ? `Defined: ${distinct.join(", ")}.`
                : "Define it under alerting.timeIntervals.",
            place,
          };
        }),
      ...repeated(names).map(
        ({ value, at }): Problem => ({
          id,
          severity: "error",
          what: `The time interval "${value}" is defined ${at.length} times.`,
          why: "Alertmanager does not start with two of one name.",
          next: "Give each its own name.",
          place: defined[at[1]!]!.place,
        }),
      ),
      ...defined
        // Behind a misspelt name it is used, or was meant to be.
        .filter(({ name }) => !meant.has(name))
        .map(
          ({ name, place }): Problem => ({
            id,
            severity: "warning",
            what: `No route uses the time interval "${name}".`,
            why: "It mutes nothing and activates nothing.",
            next: "Have a route mute or be active by it, or take it out.",
            place,
          }),
        ),
    ];
  },
};
