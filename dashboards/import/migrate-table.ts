import { type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import type { Tell } from "./migrate.js";
import { numberOf, stepsFrom } from "./migrate-values.js";
import { without } from "./prune.js";

const gone = [
  "columns",
  "editable",
  "error",
  "fontSize",
  "pageSize",
  "scroll",
  "showHeader",
  "sort",
  "styles",
  "transform",
];

/** What happened to rows before they were shown, as a transformation. */
const transformations: Readonly<Record<string, Json[]>> = {
  timeseries_to_columns: [{ id: "joinByField", options: {} }],
  timeseries_to_rows: [{ id: "seriesToRows", options: {} }],
  timeseries_aggregations: [{ id: "reduce", options: { includeTimeField: false } }],
  table: [{ id: "merge", options: {} }],
};

/** A `table-old`, which Grafana 9 did away with, as `table`. */
export function migratedTable(panel: Json, tell: Tell): Json {
  const styles = mappings(panel.styles);
  const transform = textAt(panel, "transform");
  const given = transformations[transform];
  if (transform !== "" && !given)
    tell(`Panel "${textAt(panel, "title")}" was transformed by "${transform}", which there isn't any more.`);
  return {
    ...without(panel, gone),
    type: "table",
    fieldConfig: { defaults: {}, overrides: styles.flatMap(overrideOf) },
    options: { showHeader: panel.showHeader !== false },
    transformations: [...(given ?? []), ...mappings(panel.transformations)],
  };
}

function overrideOf(style: Json): Json[] {
  const pattern = textAt(style, "pattern");
  const properties: Json[] = [];
  const set = (id: string, value: unknown) => properties.push({ id, value });
  if (textAt(style, "alias") !== "") set("displayName", style.alias);
  if (style.type === "hidden") set("custom.hidden", true);
  if (style.type === "date") set("unit", "time: YYYY-MM-DD HH:mm:ss");
  if (style.type === "number" && textAt(style, "unit") !== "") set("unit", style.unit);
  if (style.type === "number" && numberOf(style.decimals) !== null) set("decimals", numberOf(style.decimals));
  if (style.link === true)
    set("links", [
      {
        title: textAt(style, "linkTooltip"),
        url: textAt(style, "linkUrl"),
        targetBlank: style.linkTargetBlank === true,
      },
    ]);
  const steps = stepsFrom(Array.isArray(style.thresholds) ? style.thresholds.join(",") : "", style.colors);
  const cell = { cell: "color-background", row: "color-background", value: "color-text" }[
    textAt(style, "colorMode")
  ];
  if (cell && steps) {
    set("thresholds", steps);
    set("color", { mode: "thresholds" });
    set("custom.cellOptions", { type: cell });
  }
  return properties.length === 0
    ? []
    : [{ matcher: { id: pattern.startsWith("/") ? "byRegexp" : "byName", options: pattern }, properties }];
}
