import type { DataFrame } from "@grafana/data";
import { annotationsOf, exemplarsOf } from "../../../../dashboards/preview/page/panels/timeseries/events.js";

const frame = (columns: Record<string, [type: string, values: unknown[]]>, more: Partial<DataFrame> = {}) =>
  ({
    ...more,
    length: 1,
    fields: Object.entries(columns).map(([name, [type, values]]) => ({ name, type, values, config: {} })),
  }) as DataFrame;

const exemplars = frame(
  {
    Time: ["time", [1, 2, 3]],
    Value: ["number", [0.5, Number.NaN, 2]],
    trace_id: ["string", ["abc", "def", ""]],
    model: ["string", ["gpt", "gpt", undefined]],
  },
  { meta: { custom: { resultType: "exemplar" } } },
);

test("an exemplar has its place, its labels and its trace; without a value it is none", () => {
  expect(exemplarsOf([exemplars])).toEqual([
    {
      time: 1,
      value: 0.5,
      traceId: "abc",
      labels: [
        ["trace_id", "abc"],
        ["model", "gpt"],
      ],
    },
    { time: 3, value: 2, labels: [] },
  ]);
});

test("of very many exemplars some are drawn, spread over the time", () => {
  const values = Array.from({ length: 5000 }, (_, index) => index);
  const many = frame({ Time: ["time", values], Value: ["number", values] }, { name: "exemplar" });
  const drawn = exemplarsOf([many]);
  expect(drawn).toHaveLength(500);
  expect(drawn.at(-1)!.time).toBeGreaterThan(4900);
});

test("an annotation is a moment, or a stretch of time where it has an end behind its beginning", () => {
  const annotations = frame({
    time: ["time", [10, 20, null]],
    timeEnd: ["time", [10, 30, 40]],
    title: ["string", ["now", undefined, "lost"]],
    text: ["string", ["", "deploy", ""]],
    tags: ["other", [["a", "b"], "c,d", []]],
    color: ["string", ["red", undefined, "red"]],
  });
  expect(annotationsOf([annotations, exemplars])).toEqual([
    { time: 10, title: "now", text: "", tags: ["a", "b"], color: "red" },
    { time: 20, end: 30, title: "", text: "deploy", tags: ["c", "d"] },
  ]);
});
