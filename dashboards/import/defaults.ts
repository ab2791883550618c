/**
 * What Grafana adds by itself when it loads a dashboard, as version 13 does: leaving it out changes nothing, and saving in
 * its pages writes all of it. Settings that aren't here are kept as they are written.
 */
import type { Json } from "../../stack/validate/dashboards/dashboard.js";

/** Of a dashboard. */
export const ofDashboard: Json = {
  editable: true,
  description: "",
  fiscalYearStartMonth: 0,
  graphTooltip: 0,
  links: [],
  liveNow: false,
  preload: false,
  refresh: "",
  tags: [],
  time: { from: "now-6h", to: "now" },
  timepicker: { hidden: false },
  timezone: "",
  weekStart: "",
};

/** Of every panel. */
export const ofPanel: Json = {
  description: "",
  hideTimeOverride: false,
  interval: "",
  links: [],
  options: {},
  repeatDirection: "h",
  targets: [],
  timeCompare: "",
  title: "",
  transformations: [],
  transparent: false,
};

/** Of a row. */
export const ofRow: Json = { collapsed: false, title: "" };

/** Of a query in any language. */
export const ofTarget: Json = {
  exemplar: false,
  format: "time_series",
  hide: false,
  instant: false,
  interval: "",
  intervalFactor: 1,
  legendFormat: "",
  metric: "",
  target: "",
};

/** Of a variable. */
export const ofVariable: Json = {
  allValue: "",
  allowCustomValue: true,
  auto: false,
  auto_count: 30,
  auto_min: "10s",
  description: "",
  hide: 0,
  includeAll: false,
  label: "",
  multi: false,
  options: [],
  refresh: 0,
  regex: "",
  skipUrlSync: false,
  sort: 0,
};

/** Of an annotation. */
export const ofAnnotation: Json = { builtIn: 0, filter: { exclude: false, ids: [] }, hide: false };

/** Of a link of a dashboard or panel. */
export const ofLink: Json = {
  asDropdown: false,
  icon: "",
  includeVars: false,
  keepTime: false,
  tags: [],
  targetBlank: false,
  tooltip: "",
  url: "",
};

const tooltip = { hideZeros: false, mode: "single", sort: "none" };
const legend = { calcs: [], displayMode: "list", placement: "bottom", showLegend: true };
const reduceOptions = { calcs: ["lastNotNull"], fields: "", values: false };
const hideFrom = { legend: false, tooltip: false, viz: false };
const axis = {
  axisBorderShow: false,
  axisCenteredZero: false,
  axisColorMode: "text",
  axisLabel: "",
  axisPlacement: "auto",
  scaleDistribution: { type: "linear" },
};
const graph = {
  ...axis,
  barAlignment: 0,
  barWidthFactor: 0.6,
  drawStyle: "line",
  fillOpacity: 0,
  gradientMode: "none",
  hideFrom,
  insertNulls: false,
  lineInterpolation: "linear",
  lineStyle: { fill: "solid" },
  lineWidth: 1,
  pointSize: 5,
  showPoints: "auto",
  showValues: false,
  spanNulls: false,
  stacking: { group: "A", mode: "none" },
  thresholdsStyle: { mode: "off" },
};
const states = { fillOpacity: 70, hideFrom, lineWidth: 0 };

const thresholds = {
  mode: "absolute",
  steps: [
    { color: "green", value: null },
    { color: "red", value: 80 },
  ],
};

/** Of the fields of every panel: `fieldConfig.defaults`. */
const fields = { displayName: "", links: [], mappings: [], noValue: "", thresholds, unit: "" };

interface TypeDefaults {
  options: Json;
  custom: Json;
  /** Where colours come from. */
  color: string;
}

const ofTypes: Readonly<Record<string, TypeDefaults>> = {
  timeseries: { options: { legend, tooltip }, custom: graph, color: "palette-classic" },
  trend: { options: { legend, tooltip }, custom: graph, color: "palette-classic" },
  stat: {
    options: {
      colorMode: "value",
      graphMode: "area",
      justifyMode: "auto",
      orientation: "auto",
      percentChangeColorMode: "standard",
      reduceOptions,
      showPercentChange: false,
      textMode: "auto",
      wideLayout: true,
    },
    custom: {},
    color: "thresholds",
  },
  gauge: {
    options: {
      minVizHeight: 75,
      minVizWidth: 75,
      orientation: "auto",
      reduceOptions,
      showThresholdLabels: false,
      showThresholdMarkers: true,
      sizing: "auto",
    },
    custom: {},
    color: "thresholds",
  },
  bargauge: {
    options: {
      displayMode: "gradient",
      legend: { ...legend, showLegend: false },
      maxVizHeight: 300,
      minVizHeight: 16,
      minVizWidth: 8,
      namePlacement: "auto",
      orientation: "auto",
      reduceOptions,
      showUnfilled: true,
      sizing: "auto",
      valueMode: "color",
    },
    custom: {},
    color: "thresholds",
  },
  table: {
    options: {
      cellHeight: "sm",
      footer: { countRows: false, enablePagination: false, fields: "", reducer: ["sum"], show: false },
      frameIndex: 0,
      showHeader: true,
      sortBy: [],
    },
    custom: {
      align: "auto",
      cellOptions: { type: "auto" },
      filterable: false,
      footer: { reducers: [] },
      hidden: false,
      inspect: false,
      minWidth: 50,
    },
    color: "thresholds",
  },
  piechart: {
    options: {
      displayLabels: [],
      legend: { ...legend, values: [] },
      pieType: "pie",
      reduceOptions,
      sort: "desc",
      tooltip,
    },
    custom: { hideFrom },
    color: "palette-classic",
  },
  barchart: {
    options: {
      barRadius: 0,
      barWidth: 0.97,
      fullHighlight: false,
      groupWidth: 0.7,
      legend,
      orientation: "auto",
      showValue: "auto",
      stacking: "none",
      tooltip,
      xTickLabelRotation: 0,
      xTickLabelSpacing: 0,
    },
    custom: {
      ...axis,
      fillOpacity: 80,
      gradientMode: "none",
      hideFrom,
      lineWidth: 1,
      thresholdsStyle: { mode: "off" },
    },
    color: "palette-classic",
  },
  histogram: {
    options: { combine: false, legend, tooltip },
    custom: { fillOpacity: 80, gradientMode: "none", hideFrom, lineWidth: 1, stacking: graph.stacking },
    color: "palette-classic",
  },
  "state-timeline": {
    options: { alignValue: "left", legend, mergeValues: true, rowHeight: 0.9, showValue: "auto", tooltip },
    custom: { ...states, insertNulls: false, spanNulls: false },
    color: "thresholds",
  },
  "status-history": {
    options: { colWidth: 0.9, legend, rowHeight: 0.9, showValue: "auto", tooltip },
    custom: { ...states, lineWidth: 1 },
    color: "thresholds",
  },
  logs: {
    options: {
      dedupStrategy: "none",
      enableInfiniteScrolling: false,
      enableLogDetails: true,
      prettifyLogMessage: false,
      showCommonLabels: false,
      showControls: false,
      showLabels: false,
      showTime: false,
      sortOrder: "Descending",
      wrapLogMessage: false,
    },
    custom: {},
    color: "thresholds",
  },
  text: {
    options: {
      code: { language: "plaintext", showLineNumbers: false, showMiniMap: false },
      mode: "markdown",
    },
    custom: {},
    color: "thresholds",
  },
};

/** Of a panel's options and fields, by its type. */
export function ofType(type: string): { options: Json; fieldDefaults: Json } {
  const { options, custom, color } = ofTypes[type] ?? { options: {}, custom: {}, color: "thresholds" };
  return { options, fieldDefaults: { ...fields, custom, color: { mode: color } } };
}
