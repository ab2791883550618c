import { atKey, type Check } from "../check.js";
import { isJson, type Json, mappings, panelsOf, textAt } from "../dashboards/dashboard.js";

/** Panels that draw an axis with numbers on it. */
const withAxis: ReadonlySet<string> = new Set(["timeseries", "trend", "barchart", "heatmap", "histogram"]);

/** An axis without a unit: 0.2 of what? */
export const dashboardAxis: Check = {
  id: "dashboard-axis",
  run(context) {
    return context.input.stack.dashboards.flatMap((dashboard) =>
      panelsOf(dashboard)
        .filter(({ panel }) => withAxis.has(textAt(panel, "type")) && !hasUnit(panel))
        .map(({ title, keyPath }) => ({
          id: "dashboard-axis",
          severity: "notice" as const,
          what: `The axis of panel "${title}" has no unit.`,
          why: "Seconds or milliseconds, bytes or a count: whoever is woken by it has to guess.",
          next: 'Give it a unit, `.unit("s")`; for a bare number that is meant, "short" or "none".',
          place: atKey(context, `${keyPath}.fieldConfig.defaults.unit`),
        })),
    );
  },
};

/** One for all, or for fields that are set apart, or on the axis of a heatmap. */
function hasUnit({ fieldConfig, options }: Json): boolean {
  const yAxis = isJson(options) && isJson(options.yAxis) ? options.yAxis : {};
  if (textAt(yAxis, "unit") !== "") return true;
  if (!isJson(fieldConfig)) return false;
  if (isJson(fieldConfig.defaults) && textAt(fieldConfig.defaults, "unit") !== "") return true;
  return mappings(fieldConfig.overrides)
    .flatMap(({ properties }) => mappings(properties))
    .some(({ id, value }) => id === "unit" && typeof value === "string" && value !== "");
}
