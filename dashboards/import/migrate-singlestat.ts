import { isJson, type Json, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { mappingsOf, numberOf, stepsFrom } from "./migrate-values.js";
import { without } from "./prune.js";

const gone = [
  ...[
    "cacheTimeout",
    "colorBackground",
    "colorPrefix",
    "colorPostfix",
    "colorValue",
    "colors",
    "decimals",
    "error",
  ],
  ...["editable", "format", "gauge", "mappingType", "mappingTypes", "nullPointMode", "nullText", "postfix"],
  ...["postfixFontSize", "prefix", "prefixFontSize", "rangeMaps", "sparkline", "tableColumn", "thresholds"],
  ...["valueFontSize", "valueMaps", "valueName", "fontSize"],
];

/** How a series became one number, as reducers are called now. */
const reducers: Readonly<Record<string, string>> = {
  avg: "mean",
  current: "lastNotNull",
  total: "sum",
  first: "firstNotNull",
  diff: "diff",
  delta: "delta",
  range: "range",
  min: "min",
  max: "max",
};

/** A `singlestat`, which Grafana 8 did away with, as `stat`, or as `gauge` where it was drawn as one. */
export function migratedSinglestat(panel: Json): Json {
  const gauge = isJson(panel.gauge) && panel.gauge.show === true ? panel.gauge : undefined;
  const sparkline = isJson(panel.sparkline) && panel.sparkline.show === true;
  const thresholds = stepsFrom(panel.thresholds, panel.colors);
  const reduceOptions = {
    calcs: [reducers[textAt(panel, "valueName")] ?? "mean"],
    fields: textAt(panel, "tableColumn") === "" ? "" : `/^${textAt(panel, "tableColumn")}$/`,
    values: false,
  };
  const fixes = [textAt(panel, "prefix"), textAt(panel, "postfix")];
  const defaults: Json = {
    unit: unitOf(panel, fixes),
    decimals: panel.decimals,
    noValue: textAt(panel, "nullText"),
    mappings: mappingsOf(panel),
    ...(thresholds && { thresholds }),
    ...(gauge && { min: numberOf(gauge.minValue), max: numberOf(gauge.maxValue) }),
  };
  return {
    ...without(panel, gone),
    type: gauge ? "gauge" : "stat",
    fieldConfig: { defaults, overrides: [] },
    options: gauge
      ? {
          reduceOptions,
          showThresholdLabels: gauge.thresholdLabels === true,
          showThresholdMarkers: gauge.thresholdMarkers !== false,
        }
      : {
          reduceOptions,
          colorMode: panel.colorBackground ? "background" : panel.colorValue ? "value" : "none",
          graphMode: sparkline ? "area" : "none",
          orientation: "horizontal",
          textMode: textAt(panel, "valueName") === "name" ? "name" : "auto",
        },
  };
}

/** A word before or behind a bare number is a unit today. */
function unitOf(panel: Json, [prefix, postfix]: string[]): string {
  const format = textAt(panel, "format");
  if (format !== "" && format !== "none" && format !== "short") return format;
  if (postfix?.trim()) return `suffix:${postfix}`;
  return prefix?.trim() ? `prefix:${prefix}` : format;
}
