import type { DataFrame } from "@grafana/data";
import { regionsFrame } from "../../../../dashboards/preview/page/data/annotations.js";
import { isEmpty } from "../../../../dashboards/preview/page/data/emptiness.js";
import { lokiFrames } from "../../../../dashboards/preview/page/data/loki-frames.js";
import {
  exemplarFrames,
  heatmapFrames,
  type PrometheusResult,
  tableFrame,
  timeSeriesFrames,
} from "../../../../dashboards/preview/page/data/prometheus-frames.js";
import { sqlTable, sqlTimeSeries } from "../../../../dashboards/preview/page/data/sql-frames.js";

/** Fields by name, with their values. */
const columnsOf = ({ fields }: DataFrame) =>
  Object.fromEntries(fields.map(({ name, values }) => [name, values]));

const matrix: PrometheusResult = {
  resultType: "matrix",
  result: [
    {
      metric: { __name__: "up", job: "a" },
      values: [
        [1.5, "1"],
        [2, "NaN"],
        [3, "+Inf"],
      ],
    },
    { metric: { job: "b" }, values: [[1.5, "2"]] },
  ],
};

describe("of Prometheus", () => {
  test("each series is a frame with its labels, its times in milliseconds, and gaps where there is no number", () => {
    const [first] = timeSeriesFrames(matrix, { refId: "A", expr: "up", interval: 15_000 });
    expect(columnsOf(first!)).toEqual({
      Time: [1500, 2000, 3000],
      Value: [1, null, Number.POSITIVE_INFINITY],
    });
    expect(first!.fields[0]!.config.interval).toBe(15_000);
    expect(first!.fields[1]!.labels).toEqual({ __name__: "up", job: "a" });
    expect(first!.length).toBe(3);
  });

  test.each([
    ["{{job}} here", ["a here", "b here"]],
    ["{{ missing }}", ["", ""]],
    [undefined, ['up{job="a"}', '{job="b"}']],
    ["__auto", [undefined, undefined]],
  ])("the legend %j names series %j", (legendFormat, expected) => {
    const frames = timeSeriesFrames(matrix, { refId: "A", expr: "up", legendFormat });
    expect(frames.map(({ fields }) => fields[1]!.config.displayNameFromDS)).toEqual(expected);
  });

  test("a series without labels is named by its query", () => {
    const alone: PrometheusResult = { resultType: "vector", result: [{ metric: {}, value: [1, "2"] }] };
    expect(timeSeriesFrames(alone, { refId: "A", expr: "sum(up)" })[0]!.name).toBe("sum(up)");
  });

  test("a table is one frame with a column for each label, empty where a row lacks it", () => {
    const vector: PrometheusResult = {
      resultType: "vector",
      result: [
        { metric: { model: "x", team: "t" }, value: [10, "1"] },
        { metric: { model: "y" }, value: [10, "2"] },
      ],
    };
    const naming = { refId: "B", expr: "up" };
    expect(columnsOf(tableFrame(vector, naming, true))).toEqual({
      Time: [10_000, 10_000],
      model: ["x", "y"],
      team: ["t", ""],
      Value: [1, 2],
    });
    // Several queries of one table are told apart by their letters.
    expect(Object.keys(columnsOf(tableFrame(vector, naming, false)))).toContain("Value #B");
  });

  test("buckets of a heatmap hold what is in them alone, in ascending order", () => {
    const buckets: PrometheusResult = {
      resultType: "matrix",
      result: [
        { metric: { le: "+Inf" }, values: [[1, "9"]] },
        { metric: { le: "10" }, values: [[1, "7"]] },
        { metric: { le: "2.5" }, values: [[1, "4"]] },
      ],
    };
    const [made] = heatmapFrames(buckets, { refId: "A", expr: "x" });
    expect(made!.fields.map(({ name, values }) => [name, values[0]])).toEqual([
      ["Time", 1000],
      ["2.5", 4],
      ["10", 3],
      ["+Inf", 2],
    ]);
  });

  test("exemplars are dots in order of time with the labels of their series, apart from the data", () => {
    const [dots] = exemplarFrames(
      [
        {
          seriesLabels: { service: "api" },
          exemplars: [
            { labels: { trace_id: "b" }, value: "0.5", timestamp: 2 },
            { labels: { trace_id: "a" }, value: "2", timestamp: 1 },
          ],
        },
      ],
      "A",
    );
    expect(columnsOf(dots!)).toEqual({
      Time: [1000, 2000],
      Value: [2, 0.5],
      service: ["api", "api"],
      trace_id: ["a", "b"],
    });
    expect(dots!.meta).toEqual({ dataTopic: "annotations", custom: { resultType: "exemplar" } });
    expect(exemplarFrames([], "A")).toEqual([]);
  });

  test("of many exemplars close to each other the slowest are kept", () => {
    const exemplars = Array.from({ length: 1000 }, (_, at) => ({
      labels: {},
      value: String(at % 50),
      timestamp: at,
    }));
    const [dots] = exemplarFrames([{ seriesLabels: {}, exemplars }], "A");
    expect(dots!.length).toBeGreaterThan(60);
    expect(dots!.length).toBeLessThanOrEqual(122);
    const { Time, Value } = columnsOf(dots!);
    expect(Time).toEqual([...(Time as number[])].sort((one, other) => one - other));
    expect((Value as number[]).filter((value) => value === 49)).toHaveLength(20);
  });

  test("samples of an annotation that follow each other are one span of time", () => {
    const made = regionsFrame(
      {
        name: "Alerts",
        titleFormat: "{{alertname}}",
        textFormat: "is {{severity}}",
        tagKeys: "severity, team",
      },
      [
        {
          labels: { alertname: "Slow", severity: "critical" },
          samples: [
            [0, "1"],
            [60, "1"],
            [120, "1"],
            [600, "1"],
            [660, "0"],
          ],
        },
      ],
      60_000,
    );
    expect(columnsOf(made)).toEqual({
      time: [0, 600_000],
      timeEnd: [120_000, 600_000],
      isRegion: [true, false],
      title: ["Slow", "Slow"],
      text: ["is critical", "is critical"],
      tags: [["critical"], ["critical"]],
      color: ["red", "red"],
    });
  });
});

describe("of Loki", () => {
  test("lines of all streams are one frame, newest first, exact to the nanosecond, with all their labels", () => {
    const [lines] = lokiFrames(
      {
        resultType: "streams",
        result: [
          { stream: { service_name: "a" }, values: [["1700000000000000001", "first"]] },
          {
            stream: { service_name: "b" },
            values: [["1700000000000000002", "second", { structuredMetadata: { trace_id: "t" } }]],
          },
        ],
      },
      { refId: "A", expr: "{}" },
    );
    const { Line, labels, Time, tsNs } = columnsOf(lines!);
    expect(Line).toEqual(["second", "first"]);
    expect(labels).toEqual([{ service_name: "b", trace_id: "t" }, { service_name: "a" }]);
    expect(Time).toEqual([1_700_000_000_000, 1_700_000_000_000]);
    expect(tsNs).toEqual(["1700000000000000002", "1700000000000000001"]);
  });

  test("numbers are series like those of Prometheus", () => {
    const [series] = lokiFrames(
      { resultType: "matrix", result: [{ metric: { level: "error" }, values: [[1, "3"]] }] },
      { refId: "A", expr: "rate(...)", legendFormat: "{{level}}" },
    );
    expect(series!.name).toBe("error");
    expect(columnsOf(series!)).toEqual({ Time: [1000], Value: [3] });
  });
});

describe("of the ledger", () => {
  test("a table keeps columns and rows as they came", () => {
    const made = sqlTable(
      {
        columns: [
          { name: "Team", type: "string" },
          { name: "Cost", type: "number" },
        ],
        rows: [
          ["search", 1.5],
          ["chat", null],
        ],
      },
      "A",
      "SELECT",
    );
    expect(columnsOf(made)).toEqual({ Team: ["search", "chat"], Cost: [1.5, null] });
  });

  test("rows by time become a series for each text beside it, with gaps where it has no row", () => {
    const made = sqlTimeSeries(
      {
        columns: [
          { name: "time", type: "time" },
          { name: "metric", type: "string" },
          { name: "cost", type: "number" },
        ],
        rows: [
          [1000, "a", 1],
          [1000, "b", 2],
          [2000, "b", "3"],
        ],
      },
      "A",
      "SELECT",
    );
    expect(columnsOf(made)).toEqual({ Time: [1000, 2000], a: [1, null], b: [2, 3] });
  });

  test("without a column of times it stays a table", () => {
    const answer = { columns: [{ name: "n", type: "number" as const }], rows: [[1]] };
    expect(columnsOf(sqlTimeSeries(answer, "A", "SELECT"))).toEqual({ n: [1] });
  });
});

describe("nothing to draw", () => {
  const series = (...values: (string | null)[]) =>
    timeSeriesFrames(
      {
        resultType: "matrix",
        result: [{ metric: {}, values: values.map((value, at): [number, string] => [at, value ?? "NaN"]) }],
      },
      { refId: "A", expr: "x" },
    );

  test.each([
    ["no frames", [], true],
    ["a series without a number", series(null, null), true],
    ["a zero", series(null, "0"), false],
  ])("%s: %s", (_name, frames, expected) => {
    expect(isEmpty(frames as DataFrame[])).toBe(expected);
  });

  test("a table of texts is something", () => {
    const { fields } = sqlTable(
      { columns: [{ name: "Team", type: "string" }], rows: [["search"]] },
      "A",
      "SELECT",
    );
    expect(isEmpty([{ fields, length: 1 }])).toBe(false);
  });
});
