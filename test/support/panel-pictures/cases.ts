import { type DataFrame, type FieldConfigSource, FieldType, toDataFrame } from "@grafana/data";
import type { PanelModel } from "../../../dashboards/preview/page/panels/panel.js";

/** What is drawn of one panel. */
export interface PictureCase {
  name: string;
  panel: Omit<PanelModel, "id">;
  frames: DataFrame[];
  annotations?: DataFrame[];
  /** CSS pixels. */
  width?: number;
  height?: number;
}

/** Milliseconds since 1970: the end of all that is drawn. */
export const now = Date.UTC(2026, 10, 21, 12);
/** Milliseconds. */
export const span = 3_600_000;

/** A wave of one shape for each number: the same in every run. */
const wave = (shape: number) => (index: number) =>
  5 + shape * 2 + Math.sin(index / 9 + shape) * 2 + (index % 7) / 10;

function series(name: string, valueAt: (index: number) => number | null, points = 120): DataFrame {
  const times = Array.from({ length: points }, (_, index) => now - (points - 1 - index) * 30_000);
  return toDataFrame({
    refId: "A",
    fields: [
      { name: "Time", type: FieldType.time, values: times, config: { interval: 30_000 } },
      {
        name: "Value",
        type: FieldType.number,
        values: times.map((_, index) => valueAt(index)),
        labels: { model: name },
        config: { displayNameFromDS: name },
      },
    ],
  });
}

const table = (columns: Record<string, unknown[]>): DataFrame =>
  toDataFrame({ fields: Object.entries(columns).map(([name, values]) => ({ name, values })) });

const models = ["gpt", "claude", "gemini"].map((name, index) => series(name, wave(index)));

const thresholds = (...steps: [value: number | null, color: string][]) => ({
  mode: "absolute",
  steps: steps.map(([value, color]) => ({ value, color })),
});
const limits = thresholds([null, "green"], [7, "orange"], [9, "red"]);

const config = (defaults: object, overrides: unknown[] = []) =>
  ({ defaults, overrides }) as FieldConfigSource;

const named = (name: string, ...properties: [id: string, value: unknown][]) => ({
  matcher: { id: "byName", options: name },
  properties: properties.map(([id, value]) => ({ id, value })),
});

const lines = (custom: object, defaults: object = {}, options: object = {}) => ({
  type: "timeseries",
  options: { tooltip: { mode: "multi", sort: "desc" }, ...options },
  fieldConfig: config({
    color: { mode: "palette-classic" },
    custom: { showPoints: "never", ...custom },
    ...defaults,
  }),
});

const exemplars = toDataFrame({
  name: "exemplar",
  meta: { custom: { resultType: "exemplar" } },
  fields: [
    { name: "Time", type: FieldType.time, values: [now - 2_400_000, now - 600_000] },
    { name: "Value", type: FieldType.number, values: [6, 99] },
    { name: "trace_id", type: FieldType.string, values: ["0af7651916cd43dd8448eb211c80319c", ""] },
  ],
});

const annotations = toDataFrame({
  fields: [
    { name: "time", type: FieldType.time, values: [now - 3_000_000, now - 1_800_000] },
    { name: "timeEnd", type: FieldType.time, values: [null, now - 1_200_000] },
    { name: "title", type: FieldType.string, values: ["Deployed", "Burning"] },
    { name: "color", type: FieldType.string, values: ["blue", "red"] },
  ],
});

/** One of each kind of panel, and of what is easily drawn wrong. */
export const cases: PictureCase[] = [
  {
    name: "lines",
    panel: lines({ fillOpacity: 8 }, { unit: "reqps", min: 0 }),
    frames: models,
    annotations: [exemplars, annotations],
  },
  {
    name: "stacked",
    panel: lines(
      { fillOpacity: 40, stacking: { mode: "normal", group: "A" } },
      { unit: "currencyUSD" },
      { legend: { showLegend: true, displayMode: "table", placement: "right", calcs: ["mean", "max"] } },
    ),
    frames: models,
    width: 440,
  },
  { name: "percent", panel: lines({ fillOpacity: 40, stacking: { mode: "percent" } }), frames: models },
  {
    name: "thresholds",
    panel: lines(
      { thresholdsStyle: { mode: "dashed+area" } },
      { unit: "s", min: 0, max: 12, thresholds: limits },
    ),
    frames: models.slice(0, 1),
  },
  {
    name: "gaps",
    panel: lines({ lineWidth: 2 }),
    frames: [
      series("gaps", (index) =>
        index % 30 > 20 ? null : index % 30 === 9 ? Number.POSITIVE_INFINITY : index,
      ),
    ],
  },
  {
    name: "bars on a logarithmic axis",
    panel: lines({
      drawStyle: "bars",
      fillOpacity: 70,
      axisPlacement: "right",
      scaleDistribution: { type: "log", log: 10 },
    }),
    frames: [series("bars", (index) => 2 ** (index % 10), 24)],
  },
  { name: "one point", panel: lines({ showPoints: "auto" }), frames: [series("one", () => 3, 1)] },
  {
    name: "very many series",
    panel: lines({}),
    frames: Array.from({ length: 500 }, (_, at) => series(`s${at}`, wave(at))),
  },
  { name: "no data", panel: lines({}), frames: [] },
  { name: "no times", panel: lines({}), frames: [table({ Value: [1] })] },
  {
    name: "stat",
    panel: { type: "stat", fieldConfig: config({ unit: "percentunit", thresholds: limits }) },
    frames: models.slice(0, 1),
    height: 110,
  },
  {
    name: "stat with mappings",
    panel: {
      type: "stat",
      options: { colorMode: "background", graphMode: "none" },
      fieldConfig: config({
        thresholds: limits,
        mappings: [
          { type: "range", options: { from: 0, to: 7, result: { text: "fine", color: "blue", index: 0 } } },
        ],
      }),
    },
    frames: models,
    height: 110,
  },
  {
    name: "stat without data",
    panel: { type: "stat", fieldConfig: config({ noValue: "–" }) },
    frames: [series("nothing", () => Number.NaN, 3)],
    height: 110,
  },
  {
    name: "bar gauge",
    panel: {
      type: "bargauge",
      options: { displayMode: "basic", orientation: "horizontal" },
      fieldConfig: config({ min: 0, max: 12, thresholds: limits }),
    },
    frames: models,
  },
  {
    name: "gauge",
    panel: { type: "gauge", fieldConfig: config({ min: 0, max: 12, thresholds: limits }) },
    frames: models.slice(0, 2),
  },
  {
    name: "pie",
    panel: {
      type: "piechart",
      options: {
        pieType: "donut",
        legend: { showLegend: true, displayMode: "table", placement: "right", values: ["percent", "value"] },
      },
    },
    frames: models,
  },
  {
    name: "bar chart",
    panel: { type: "barchart", fieldConfig: config({ unit: "short" }) },
    frames: [
      table({ model: ["gpt", "claude", "gemini"], input: [1200, 800, 300], output: [200, 450, Number.NaN] }),
    ],
  },
  {
    name: "heatmap",
    panel: { type: "heatmap", options: { yAxis: { unit: "s" } } },
    frames: [
      toDataFrame({
        fields: [
          {
            name: "Time",
            type: FieldType.time,
            values: Array.from({ length: 60 }, (_, at) => now - (59 - at) * 60_000),
          },
          ...["0.1", "0.5", "1", "+Inf"].map((name, row) => ({
            name,
            type: FieldType.number,
            values: Array.from({ length: 60 }, (_, at) =>
              Math.max(0, Math.round(9 * Math.sin(at / 9 + row))),
            ),
          })),
        ],
      }),
    ],
  },
  ...["state-timeline", "status-history"].map((type) => ({
    name: type,
    panel: {
      type,
      fieldConfig: config({
        thresholds: thresholds([null, "red"], [1, "green"]),
        mappings: [
          { type: "value", options: { 0: { text: "down", index: 0 }, 1: { text: "up", index: 1 } } },
        ],
      }),
    },
    frames: ["shop", "assistant"].map((name, row) =>
      series(name, (index) => (index === 9 ? null : Number(index % (7 + row) > 1)), 24),
    ),
  })),
  {
    name: "table",
    panel: {
      type: "table",
      options: { sortBy: [{ displayName: "Since", desc: true }], footer: { show: true, reducer: ["sum"] } },
      fieldConfig: config({ noValue: "–" }, [
        named("Since", ["unit", "dateTimeFromNow"]),
        named("Alert", ["links", [{ title: "Runbook", url: '/runbooks/${__data.fields["Alert"]}' }]]),
        named(
          "Failed",
          ["unit", "percentunit"],
          ["thresholds", thresholds([null, "green"], [0.02, "orange"], [0.05, "red"])],
          ["color", { mode: "thresholds" }],
          ["custom.cellOptions", { type: "color-text" }],
        ),
        named(
          "Used",
          ["custom.cellOptions", { type: "gauge", mode: "gradient" }],
          ["max", 100],
          ["custom.width", 170],
        ),
      ]),
    },
    frames: [
      table({
        Alert: ["Errors", "Disk"],
        Since: [now - 7_200_000, now - 60_000],
        Failed: [0.2, 0.01],
        Used: [80, 30],
        traceID: ["0af7651916cd43dd8448eb211c80319c", null],
      }),
    ],
    width: 800,
  },
  {
    name: "logs",
    panel: { type: "logs", options: { showTime: true, wrapLogMessage: true } },
    frames: [
      toDataFrame({
        fields: [
          {
            name: "labels",
            type: FieldType.other,
            values: [{ level: "error", trace_id: "0af7651916cd43dd8448eb211c80319c" }, { level: "info" }],
          },
          { name: "Time", type: FieldType.time, values: [now - 1000, now] },
          {
            name: "Line",
            type: FieldType.string,
            values: ["the provider did not answer", "asked again, and it did"],
          },
        ],
      }),
    ],
    width: 440,
  },
  {
    name: "text",
    panel: {
      type: "text",
      options: {
        content:
          "## Title\n\n**bold** [link](/d/home)\n\n<img src=x onerror=alert(1)><script>alert(2)</script>",
      },
    },
    frames: [],
  },
  {
    name: "data of the wrong kind",
    panel: lines({}),
    frames: [
      {
        length: 2,
        fields: [
          { name: "Time", type: FieldType.time, values: ["x", null], config: {} },
          { name: "Value", type: FieldType.number, values: [{}, "y"], config: {} },
        ],
      },
    ],
  },
];
