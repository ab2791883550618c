import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import type { Tell } from "./migrate.js";
import { numberOf } from "./migrate-values.js";
import { without } from "./prune.js";

/** What a `graph` had that `timeseries` has no word for, or does by itself. */
const gone = [
  ...["aliasColors", "alert", "bars", "dashLength", "dashes", "decimals", "error", "editable", "fill"],
  ...["fillGradient", "grid", "hiddenSeries", "legend", "lines", "linewidth", "nullPointMode", "percentage"],
  ...[
    "pointradius",
    "points",
    "renderer",
    "seriesOverrides",
    "spaceLength",
    "stack",
    "steppedLine",
    "thresholds",
  ],
  ...["timeRegions", "tooltip", "xaxis", "yaxes", "yaxis", "y_formats", "x-axis", "y-axis", "leftYAxisLabel"],
];

/** Statistics beside a legend, as `timeseries` calls them. */
const statistics = { min: "min", max: "max", avg: "mean", current: "lastNotNull", total: "sum" };

/** A `graph`, which Grafana 11 did away with, as `timeseries`. */
export function migratedGraph(panel: Json, tell: Tell): Json {
  const [left = {}, right = {}] = mappings(panel.yaxes);
  if (panel.alert !== undefined) tell(`The alert of panel "${textAt(panel, "title")}" is left out.`, alerts);
  if (isJson(panel.xaxis) && ["series", "histogram"].includes(textAt(panel.xaxis, "mode")))
    tell(
      `Panel "${textAt(panel, "title")}" was drawn by series or as a histogram, and becomes a course of time.`,
    );
  const overrides = [
    ...colours(panel),
    ...mappings(panel.seriesOverrides).flatMap((each) => ofSeries(each, right)),
  ];
  return {
    ...without(panel, gone),
    type: "timeseries",
    fieldConfig: {
      defaults: {
        ...axis(left, panel),
        ...limits(panel),
        custom: { ...drawing(panel, left), ...limitStyle(panel) },
      },
      overrides,
    },
    options: { legend: legend(panel), tooltip: tooltip(panel) },
  };
}

const alerts = "Alerts of obs are rules: see `alerting.packs`, or `alerts/`.";

function axis(yaxis: Json, { decimals }: Json): Json {
  return { unit: textAt(yaxis, "format"), min: numberOf(yaxis.min), max: numberOf(yaxis.max), decimals };
}

function drawing(panel: Json, left: Json): Json {
  const { lines = true, bars = false, points = false, steppedLine, fill = 1, fillGradient = 0 } = panel;
  const custom: Json = {
    drawStyle: bars ? "bars" : lines ? "line" : "points",
    fillOpacity: Math.min(100, (numberOf(fill) ?? 1) * 10),
    gradientMode: Number(fillGradient) > 0 ? "opacity" : "none",
    lineInterpolation: steppedLine ? "stepAfter" : "linear",
    lineWidth: numberOf(panel.linewidth) ?? 1,
    pointSize: (numberOf(panel.pointradius) ?? 2) * 2 || 1,
    showPoints: points ? "always" : "never",
    spanNulls: panel.nullPointMode === "connected",
    stacking: { group: "A", mode: panel.stack ? (panel.percentage ? "percent" : "normal") : "none" },
    axisLabel: textAt(left, "label"),
  };
  if (left.show === false) custom.axisPlacement = "hidden";
  const base = numberOf(left.logBase);
  if (base !== null && base > 1) custom.scaleDistribution = { type: "log", log: base };
  if (panel.dashes === true) custom.lineStyle = dashesOf(panel);
  return custom;
}

const dashesOf = ({ dashLength, spaceLength }: Json) => ({
  fill: "dash",
  dash: [numberOf(dashLength) ?? 10, numberOf(spaceLength) ?? 10],
});

function limits(panel: Json): Json {
  const given = mappings(panel.thresholds).filter(({ value }) => numberOf(value) !== null);
  if (given.length === 0) return {};
  const colour = (each: Json) =>
    textAt(each, "colorMode") === "custom"
      ? textAt(each, "lineColor") || textAt(each, "fillColor") || "red"
      : ({ critical: "red", warning: "orange", ok: "green" }[textAt(each, "colorMode")] ?? "red");
  const above = given
    .map((each) => ({ value: numberOf(each.value)!, color: colour(each), below: each.op === "lt" }))
    .sort((one, other) => one.value - other.value);
  const steps: Json[] = [{ value: null, color: above[0]!.below ? above[0]!.color : "transparent" }];
  for (const { value, color, below } of above) steps.push({ value, color: below ? "transparent" : color });
  return { thresholds: { mode: "absolute", steps } };
}

function limitStyle(panel: Json): Json {
  const given = mappings(panel.thresholds);
  if (given.length === 0) return {};
  const has = (key: string) => given.some((each) => each[key] === true);
  const mode = has("fill") && has("line") ? "line+area" : has("fill") ? "area" : "line";
  return { thresholdsStyle: { mode } };
}

function colours({ aliasColors }: Json): Json[] {
  return Object.entries(isJson(aliasColors) ? aliasColors : {}).map(([name, fixedColor]) => ({
    matcher: { id: "byName", options: name },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor } }],
  }));
}

function ofSeries(series: Json, right: Json): Json[] {
  const alias = textAt(series, "alias");
  const properties: Json[] = [];
  const set = (id: string, value: unknown) => properties.push({ id, value });
  if (series.yaxis === 2) {
    if (right.show !== false) set("custom.axisPlacement", "right");
    if (textAt(right, "format") !== "") set("unit", right.format);
    if (textAt(right, "label") !== "") set("custom.axisLabel", right.label);
    for (const key of ["min", "max"]) if (numberOf(right[key]) !== null) set(key, numberOf(right[key]));
  }
  if (series.color !== undefined) set("color", { mode: "fixed", fixedColor: series.color });
  if (series.fill !== undefined) set("custom.fillOpacity", (numberOf(series.fill) ?? 1) * 10);
  if (series.linewidth !== undefined) set("custom.lineWidth", series.linewidth);
  if (series.bars === true) set("custom.drawStyle", "bars");
  if (series.lines === false && series.bars !== true) set("custom.lineWidth", 0);
  if (series.dashes === true) set("custom.lineStyle", dashesOf(series));
  if (series.stack === false) set("custom.stacking", { group: "A", mode: "none" });
  if (typeof series.stack === "string") set("custom.stacking", { group: series.stack, mode: "normal" });
  if (series.transform === "negative-Y") set("custom.transform", "negative-Y");
  if (series.legend === false) set("custom.hideFrom", { legend: true, tooltip: false, viz: false });
  const isRegexp = alias.startsWith("/");
  return properties.length === 0
    ? []
    : [{ matcher: { id: isRegexp ? "byRegexp" : "byName", options: alias }, properties }];
}

function legend({ legend: given }: Json): Json {
  const was = isJson(given) ? given : { show: true };
  return {
    calcs:
      was.values === true ? Object.entries(statistics).flatMap(([old, now]) => (was[old] ? [now] : [])) : [],
    displayMode: was.alignAsTable === true ? "table" : "list",
    placement: was.rightSide === true ? "right" : "bottom",
    showLegend: was.show !== false,
    ...(typeof was.sideWidth === "number" && was.rightSide === true && { width: was.sideWidth }),
  };
}

function tooltip({ tooltip: given }: Json): Json {
  const was = isJson(given) ? given : {};
  const sort = { 1: "asc", 2: "desc" }[Number(was.sort)] ?? "none";
  return { hideZeros: false, mode: was.shared === true ? "multi" : "single", sort };
}
