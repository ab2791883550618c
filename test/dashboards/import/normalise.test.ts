import { importDashboard, normalised } from "../../../dashboards/import/index.js";
import { panelsOf } from "../../../stack/validate/dashboards/dashboard.js";

type Json = Record<string, unknown>;

const panel = { id: 4, type: "timeseries", title: "A", gridPos: { x: 0, y: 0, w: 12, h: 8 } };
const prometheus = { type: "prometheus", uid: "prometheus" };
const page = (more: Json, ...panels: Json[]) => normalised({ title: "P", panels, ...more });
const one = (more: Json) => page({}, { ...panel, ...more });
const asked = (target: Json, more: Json = {}) =>
  one({ targets: [{ refId: "A", expr: "up", ...target }], ...more });
const variable = (more: Json) => page({ templating: { list: [{ name: "v", type: "query", ...more }] } });

describe("two dashboards are the same", () => {
  test.each([
    [
      "with the defaults of Grafana, or without",
      one({}),
      one({ transparent: false, links: [], options: { legend: { showLegend: true } } }),
    ],
    [
      "in whatever version they were saved",
      page({ version: 3, schemaVersion: 39, id: 7 }),
      page({ version: 9 }),
    ],
    [
      "with a data source said, or meant",
      asked({}),
      asked({ datasource: prometheus }, { datasource: prometheus }),
    ],
    [
      "with a data source by its name",
      asked({}, { datasource: "Prometheus" }),
      asked({}, { datasource: prometheus }),
    ],
    [
      "with a variable in either spelling",
      asked({}, { datasource: "$ds" }),
      asked({}, { datasource: { uid: "${ds}" } }),
    ],
    ["whatever an editor remembers", asked({ editorMode: "builder", step: 240 }), asked({})],
    ["with the letter of a query, or without", one({ targets: [{ expr: "up" }] }), asked({})],
    ["with gaps above a panel, which are closed", one({ gridPos: { x: 0, y: 9, w: 12, h: 8 } }), one({})],
    [
      "whatever a query gave a variable",
      variable({ query: "up", options: [{ text: "a" }] }),
      variable({ query: { query: "up", refId: "x" } }),
    ],
    [
      "with a list of one choice",
      variable({ current: { text: ["All"], value: ["$__all"] } }),
      variable({ current: { selected: true, text: "All", value: "$__all" } }),
    ],
    [
      "with the annotation that every dashboard has",
      page({ annotations: { list: [{ builtIn: 1 }] } }),
      page({}),
    ],
    [
      "with a first limit that says where it begins",
      one(limits({ color: "red", value: 0 })),
      one(limits({ color: "red", value: null })),
    ],
  ])("%s", (_why, first, second) => {
    expect(first).toEqual(second);
  });
});

describe("two dashboards are not the same", () => {
  test.each([
    ["with another query", asked({}), asked({ expr: "down" })],
    ["asked now, or over time", asked({}), asked({ instant: true })],
    ["with another unit", one({ fieldConfig: { defaults: { unit: "s" } } }), one({})],
    [
      "with another limit",
      one(limits({ color: "red", value: null })),
      one(limits({ color: "blue", value: null })),
    ],
    ["with another width", one({}), one({ gridPos: { x: 0, y: 0, w: 13, h: 8 } })],
    [
      "in another order",
      page({}, panel, { ...panel, title: "B", gridPos: { ...panel.gridPos, x: 12 } }),
      page({}, { ...panel, title: "B" }, { ...panel, gridPos: { ...panel.gridPos, x: 12 } }),
    ],
    ["with another choice at first", variable({ current: { text: "a", value: "a" } }), variable({})],
    ["with half a time range", page({ time: { from: "now-24h", to: "now" } }), page({})],
  ])("%s", (_why, first, second) => {
    expect(first).not.toEqual(second);
  });
});

function limits(...steps: Json[]): Json {
  return {
    fieldConfig: {
      defaults: { thresholds: { mode: "absolute", steps: [...steps, { color: "x", value: 9 }] } },
    },
  };
}

describe("what Grafana has no panel for any more", () => {
  const only = (old: Json) => panelsOf(page({}, { ...panel, ...old }))[0]!.panel;

  test("a graph becomes a course of time, with its axes, limits and colours", () => {
    const graph = only({
      type: "graph",
      fill: 3,
      stack: true,
      steppedLine: true,
      nullPointMode: "connected",
      legend: { show: true, values: true, avg: true, current: true, alignAsTable: true, rightSide: true },
      tooltip: { shared: true, sort: 2 },
      yaxes: [
        { format: "bytes", min: "0", logBase: 2, label: "used" },
        { format: "percent", label: "share" },
      ],
      thresholds: [{ value: 90, op: "gt", colorMode: "critical", line: true, fill: true }],
      seriesOverrides: [{ alias: "/rate/", yaxis: 2, transform: "negative-Y" }],
      aliasColors: { in: "#00f" },
    });
    expect(graph).toMatchObject({
      type: "timeseries",
      fieldConfig: {
        defaults: {
          unit: "bytes",
          min: 0,
          custom: {
            axisLabel: "used",
            fillOpacity: 30,
            lineInterpolation: "stepAfter",
            scaleDistribution: { type: "log", log: 2 },
            spanNulls: true,
            stacking: { mode: "normal" },
            thresholdsStyle: { mode: "line+area" },
          },
          thresholds: {
            steps: [
              { color: "transparent", value: null },
              { color: "red", value: 90 },
            ],
          },
        },
        overrides: [
          {
            matcher: { id: "byName", options: "in" },
            properties: [{ id: "color", value: { mode: "fixed", fixedColor: "#00f" } }],
          },
          {
            matcher: { id: "byRegexp", options: "/rate/" },
            properties: [
              { id: "custom.axisPlacement", value: "right" },
              { id: "unit", value: "percent" },
              { id: "custom.axisLabel", value: "share" },
              { id: "custom.transform", value: "negative-Y" },
            ],
          },
        ],
      },
      options: {
        legend: { calcs: ["mean", "lastNotNull"], displayMode: "table", placement: "right" },
        tooltip: { mode: "multi", sort: "desc" },
      },
    });
  });

  test("a single number becomes a stat, or a gauge where it was drawn as one", () => {
    const number = {
      type: "singlestat",
      format: "none",
      postfix: " rows",
      valueName: "avg",
      thresholds: "1,5",
      colors: ["a", "b", "c"],
      colorValue: true,
    };
    expect(only(number)).toMatchObject({
      type: "stat",
      fieldConfig: {
        defaults: {
          unit: "suffix: rows",
          thresholds: {
            steps: [
              { color: "a", value: null },
              { color: "b", value: 1 },
              { color: "c", value: 5 },
            ],
          },
        },
      },
      options: { reduceOptions: { calcs: ["mean"] }, graphMode: "none" },
    });
    const gauge = { ...number, gauge: { show: true, minValue: 0, maxValue: 50 } };
    expect(only(gauge)).toMatchObject({ type: "gauge", fieldConfig: { defaults: { min: 0, max: 50 } } });
  });

  test("the old table becomes today's", () => {
    const styles = [
      { pattern: "Time", type: "hidden" },
      {
        pattern: "/Value/",
        type: "number",
        unit: "s",
        alias: "Took",
        colorMode: "cell",
        thresholds: ["1"],
        colors: ["g", "r"],
      },
    ];
    expect(only({ type: "table", transform: "table", columns: [], styles })).toMatchObject({
      type: "table",
      transformations: [{ id: "merge" }],
      fieldConfig: {
        overrides: [
          { matcher: { id: "byName", options: "Time" }, properties: [{ id: "custom.hidden", value: true }] },
          {
            matcher: { id: "byRegexp", options: "/Value/" },
            properties: [
              { id: "displayName", value: "Took" },
              { id: "unit", value: "s" },
              {
                id: "thresholds",
                value: {
                  steps: [
                    { color: "g", value: null },
                    { color: "r", value: 1 },
                  ],
                },
              },
              { id: "color" },
              { id: "custom.cellOptions", value: { type: "color-background" } },
            ],
          },
        ],
      },
    });
  });

  test("rows that hold panels become titles over a grid, those that were closed folded away", () => {
    const rows = [
      {
        title: "First",
        showTitle: true,
        height: "250px",
        panels: [
          { type: "text", span: 6 },
          { type: "text", span: 6 },
          { type: "text", span: 12 },
        ],
      },
      { title: "Second", collapse: true, repeat: "host", panels: [{ type: "text", span: 12 }] },
    ];
    const { panels } = normalised({ title: "P", rows });
    expect(panels).toMatchObject([
      { type: "row", title: "First", gridPos: { y: 0 } },
      { type: "text", gridPos: { x: 0, y: 1, w: 12, h: 7 } },
      { type: "text", gridPos: { x: 12, y: 1, w: 12, h: 7 } },
      { type: "text", gridPos: { x: 0, y: 8, w: 24, h: 7 } },
      {
        type: "row",
        title: "Second",
        collapsed: true,
        repeat: "host",
        gridPos: { y: 15 },
        panels: [{ gridPos: { y: 16 } }],
      },
    ]);
  });
});

describe("an import tells", () => {
  const said = (dashboard: Json) =>
    importDashboard(JSON.stringify({ title: "P", panels: [], ...dashboard }), "p.json").problems.map(
      ({ severity, what }) => [severity, what],
    );
  const of = (datasource: unknown) => ({
    panels: [{ ...panel, datasource, targets: [{ refId: "A", expr: "up" }] }],
  });

  test.each([
    [
      "a data source of another Grafana",
      of({ type: "loki", uid: "P8E8" }),
      "notice",
      `The data source "P8E8" became the stack's loki.`,
    ],
    [
      "one that the stack has none of",
      of({ type: "mysql", uid: "m" }),
      "warning",
      'The data source "m" (mysql) isn\'t one of this stack.',
    ],
    [
      "a library panel that isn't there",
      { panels: [{ ...panel, libraryPanel: { uid: "l", name: "Shared" } }] },
      "warning",
      'The library panel "Shared" is not in the file.',
    ],
    [
      "an alert",
      { panels: [{ ...panel, type: "graph", alert: {} }] },
      "notice",
      'The alert of panel "A" is left out.',
    ],
    [
      "a snapshot",
      { panels: [{ ...panel, snapshotData: [] }] },
      "notice",
      "The data of the snapshot is left out.",
    ],
  ])("of %s", (_what, dashboard, severity, what) => {
    expect(said(dashboard)).toContainEqual([severity, what]);
  });

  test("nothing of data sources that it was asked for, variables, and those of the stack", () => {
    const input = { name: "DS_X", type: "datasource", pluginId: "prometheus" };
    expect(said({ ...of({ type: "prometheus", uid: "${DS_X}" }), __inputs: [input] })).toEqual([]);
    expect(said(of("$datasource"))).toEqual([]);
    expect(said(of({ type: "prometheus", uid: "prometheus" }))).toEqual([]);
  });
});
