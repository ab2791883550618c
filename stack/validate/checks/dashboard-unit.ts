import { atKey, type Check } from "../check.js";
import { isJson, type Json, mappings, panelsOf, textAt } from "../dashboards/dashboard.js";
import { unitIds } from "../dashboards/unit-ids.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";

/**
 * Units that are made up on the spot: `suffix:req`, `time:YYYY`. From the documentation:
 * https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit
 */
const ownUnit = /^(?:prefix|suffix|time|si|count|currency|bool):/;

/** A unit that Grafana doesn't know is written behind the bare number. */
export const dashboardUnit: Check = {
  id: "dashboard-unit",
  run(context) {
    const known = new Set(unitIds);
    return context.input.stack.dashboards.flatMap((dashboard) =>
      panelsOf(dashboard).flatMap(({ panel, title, keyPath }) =>
        unitsOf(panel).flatMap(({ unit, key }): Problem[] => {
          if (unit === "" || known.has(unit) || ownUnit.test(unit) || unit.includes("$")) return [];
          const meant = didYouMean(unit, unitIds);
          return [
            {
              id: "dashboard-unit",
              severity: "warning",
              what: `Panel "${title}" has the unit "${unit}", which Grafana does not know.`,
              why: "It writes the word behind the bare number, and scales nothing.",
              next: meant ? `Did you mean "${meant}"?` : `For a unit of your own write "suffix:${unit}".`,
              place: atKey(context, `${keyPath}.${key}`),
            },
          ];
        }),
      ),
    );
  },
};

/** The unit of a panel, and those of fields that are set apart, each with the key it stands under. */
function unitsOf({ fieldConfig }: Json): { unit: string; key: string }[] {
  if (!isJson(fieldConfig)) return [];
  const defaults = isJson(fieldConfig.defaults) ? textAt(fieldConfig.defaults, "unit") : "";
  const overrides = mappings(fieldConfig.overrides).flatMap(({ properties }, at) =>
    mappings(properties).flatMap(({ id, value }) =>
      id === "unit" && typeof value === "string"
        ? [{ unit: value, key: `fieldConfig.overrides[${at}].unit` }]
        : [],
    ),
  );
  return [{ unit: defaults, key: "fieldConfig.defaults.unit" }, ...overrides];
}
