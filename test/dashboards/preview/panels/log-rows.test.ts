import type { DataFrame } from "@grafana/data";
import {
  arranged,
  commonLabels,
  levelOf,
  logRows,
  prettified,
} from "../../../../dashboards/preview/page/panels/log-rows.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";

const lines = (rows: { time?: number; line: string; labels?: Record<string, string> }[]): DataFrame => {
  const field = (name: string, type: string, values: unknown[]) => ({ name, type, values, config: {} });
  return {
    length: rows.length,
    fields: [
      field(
        "labels",
        "other",
        rows.map(({ labels = {} }) => labels),
      ),
      field(
        "Time",
        "time",
        rows.map(({ time = 0 }) => time),
      ),
      field(
        "Line",
        "string",
        rows.map(({ line }) => line),
      ),
      field(
        "tsNs",
        "string",
        rows.map(() => "1"),
      ),
      field(
        "id",
        "string",
        rows.map((_, index) => String(index)),
      ),
    ] as DataFrame["fields"],
  };
};

test.each([
  ["hello", { level: "ERROR" }, "error"],
  ["hello", { severity_text: "WARN2" }, "warning"],
  ["hello", { detected_level: "unknown", level: "fatal" }, "critical"],
  ['{"level":"debug","msg":"an error of the past"}', {}, "debug"],
  ["ts=1 level=warning msg=x", {}, "warning"],
  ["2026-11-21 INFO started", {}, "info"],
  ["kept a trace of it", {}, "unknown"],
  ["informed the user", {}, "unknown"],
])("the level of %j with %j is %s", (line, labels, level) => {
  expect(levelOf(line, new Map(Object.entries(labels)))).toBe(level);
});

test("a line leads to its trace by a label or by its own words, and only by what is an id", () => {
  const rows = logRows([
    lines([
      { line: "a", labels: { trace_id: traceId } },
      { line: `b trace_id=${traceId}` },
      { line: `{"traceId":"${traceId}"}` },
      { line: "trace_id=none", labels: { trace_id: "-" } },
    ]),
  ]);
  expect(rows.map((row) => row.traceId)).toEqual([traceId, traceId, traceId, undefined]);
});

test("labels are those of the line, sorted, without what only the store needs", () => {
  const [row] = logRows([lines([{ line: "a", labels: { service_name: "shop", app: "x" } }])]);
  expect(row?.labels).toEqual([
    ["app", "x"],
    ["service_name", "shop"],
  ]);
});

test("a frame without times or lines has no rows", () => {
  expect(logRows([{ length: 0, fields: [] }])).toEqual([]);
});

test("lines are in the order asked for, and those alike next to each other are one", () => {
  const rows = logRows([
    lines([
      { time: 1, line: "took 5 ms" },
      { time: 3, line: "took 7 ms" },
      { time: 2, line: "took 6 ms" },
    ]),
  ]);
  const times = (found: typeof rows) => found.map(({ time }) => time);
  expect(times(arranged(rows, true, "none"))).toEqual([3, 2, 1]);
  expect(times(arranged(rows, false, "exact"))).toEqual([1, 2, 3]);
  expect(arranged(rows, false, "numbers")).toMatchObject([{ time: 1, duplicates: 2 }]);
  expect(rows.every(({ duplicates }) => duplicates === 0)).toBe(true);
});

test("common labels are those that every line has alike", () => {
  const rows = logRows([
    lines([
      { line: "a", labels: { a: "1", b: "1" } },
      { line: "b", labels: { a: "1", b: "2" } },
    ]),
  ]);
  expect(commonLabels(rows)).toEqual([["a", "1"]]);
  expect(commonLabels([])).toEqual([]);
});

test("JSON is spread over lines, and what only begins like it stays", () => {
  expect(prettified('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettified("{not json")).toBe("{not json");
  expect(prettified("plain")).toBe("plain");
});
