import type { FieldConfig } from "@grafana/data";

interface PluginDefaults {
  options: Record<string, unknown>;
  /** Of `fieldConfig.defaults`. */
  colorMode: string;
  /** Of `fieldConfig.defaults.custom`. */
  custom: Record<string, unknown>;
}

const legend = { showLegend: true, displayMode: "list", placement: "bottom", calcs: [] };
const tooltip = { mode: "single", sort: "none", hideZeros: false };
const reduceOptions = { values: false, calcs: ["lastNotNull"], fields: "" };
const hideFrom = { tooltip: false, viz: false, legend: false };
const axis = {
  axisPlacement: "auto",
  axisLabel: "",
  axisColorMode: "text",
  axisBorderShow: false,
  axisCenteredZero: false,
  scaleDistribution: { type: "linear" },
};

/** What Grafana's plugins fill in where a dashboard's JSON says nothing, by panel type. */
const defaults: Record<string, PluginDefaults> = {
  timeseries: {
    options: { legend, tooltip },
    colorMode: "palette-classic",
    custom: {
      ...axis,
      drawStyle: "line",
      lineInterpolation: "linear",
      lineWidth: 1,
      fillOpacity: 0,
      gradientMode: "none",
      barAlignment: 0,
      barWidthFactor: 0.6,
      spanNulls: false,
      insertNulls: false,
      showPoints: "auto",
      pointSize: 5,
      stacking: { mode: "none", group: "A" },
      hideFrom,
      thresholdsStyle: { mode: "off" },
    },
  },
  stat: {
    options: {
      reduceOptions,
      orientation: "auto",
      textMode: "auto",
      colorMode: "value",
      graphMode: "area",
      justifyMode: "auto",
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: "standard",
    },
    colorMode: "thresholds",
    custom: {},
  },
  gauge: {
    options: {
      reduceOptions,
      orientation: "auto",
      showThresholdLabels: false,
      showThresholdMarkers: true,
      sizing: "auto",
      minVizWidth: 75,
      minVizHeight: 75,
    },
    colorMode: "thresholds",
    custom: {},
  },
  bargauge: {
    options: {
      reduceOptions,
      orientation: "auto",
      displayMode: "gradient",
      valueMode: "color",
      namePlacement: "auto",
      showUnfilled: true,
      sizing: "auto",
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
      legend: { ...legend, showLegend: false },
    },
    colorMode: "thresholds",
    custom: {},
  },
  piechart: {
    options: {
      reduceOptions,
      pieType: "pie",
      sort: "desc",
      displayLabels: [],
      tooltip,
      legend: { ...legend, values: [] },
    },
    colorMode: "palette-classic",
    custom: { hideFrom },
  },
  barchart: {
    options: {
      orientation: "auto",
      xTickLabelRotation: 0,
      showValue: "auto",
      stacking: "none",
      groupWidth: 0.7,
      barWidth: 0.97,
      barRadius: 0,
      legend,
      tooltip,
    },
    colorMode: "palette-classic",
    custom: {
      ...axis,
      lineWidth: 1,
      fillOpacity: 80,
      gradientMode: "none",
      hideFrom,
      thresholdsStyle: { mode: "off" },
    },
  },
  table: {
    options: { frameIndex: 0, showHeader: true, showTypeIcons: false, cellHeight: "sm", sortBy: [] },
    colorMode: "thresholds",
    custom: { align: "auto", inspect: false, cellOptions: { type: "auto" } },
  },
  "state-timeline": {
    options: { mergeValues: true, rowHeight: 0.9, colWidth: 0.9, showValue: "auto", legend },
    colorMode: "thresholds",
    custom: { fillOpacity: 70, hideFrom },
  },
  "status-history": {
    options: { rowHeight: 0.9, colWidth: 0.9, showValue: "auto", legend },
    colorMode: "thresholds",
    custom: { fillOpacity: 70, hideFrom },
  },
  heatmap: {
    options: { color: { fill: "dark-orange", exponent: 0.5 }, yAxis: {}, filterValues: { le: 1e-9 } },
    colorMode: "thresholds",
    custom: { hideFrom },
  },
  logs: {
    options: {
      showTime: false,
      showLabels: false,
      showCommonLabels: false,
      wrapLogMessage: false,
      prettifyLogMessage: false,
      enableLogDetails: true,
      sortOrder: "Descending",
      dedupStrategy: "none",
    },
    colorMode: "thresholds",
    custom: {},
  },
};

const none: PluginDefaults = { options: {}, colorMode: "thresholds", custom: {} };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `given`, and where it says nothing `fallback`, down to the leaves; a list counts as one value. */
export function withDefaults<T extends Record<string, unknown>>(given: unknown, fallback: T): T {
  if (!isRecord(given)) return fallback;
  const merged: Record<string, unknown> = { ...fallback };
  for (const [key, value] of Object.entries(given)) {
    const under = merged[key];
    if (isRecord(value) && isRecord(under)) merged[key] = withDefaults(value, under);
    else if (value !== undefined && value !== null) merged[key] = value;
  }
  return merged as T;
}

/** A panel's options as its plugin would see them. */
export function optionsOf<T>(panel: { type: string; options?: unknown }): T {
  return withDefaults(panel.options, (defaults[panel.type] ?? none).options) as T;
}

/**
 * A panel's field defaults as its plugin would see them: colour mode, thresholds and `custom` filled in, the threshold
 * that everything starts from at minus infinity, which JSON can't say.
 */
export function fieldDefaultsOf(panel: {
  type: string;
  fieldConfig?: { defaults?: FieldConfig };
}): FieldConfig {
  const plugin = defaults[panel.type] ?? none;
  const given = panel.fieldConfig?.defaults ?? {};
  return {
    ...given,
    color: given.color ?? { mode: plugin.colorMode },
    thresholds: given.thresholds ?? {
      mode: "absolute" as never,
      steps: [
        { value: Number.NEGATIVE_INFINITY, color: "green" },
        { value: 80, color: "red" },
      ],
    },
    custom: withDefaults(given.custom, plugin.custom),
  };
}
