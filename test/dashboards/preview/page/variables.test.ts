import type { VariableModel } from "../../../../dashboards/preview/page/data/model.js";
import {
  custom,
  filtered,
  labelQuery,
  sorted,
} from "../../../../dashboards/preview/page/data/variable-queries.js";
import { chosenOf } from "../../../../dashboards/preview/page/data/variables.js";

const options = (...values: string[]) => values.map((value) => ({ text: value, value }));
const model = (more: Partial<VariableModel> = {}): VariableModel => ({
  name: "model",
  type: "query",
  ...more,
});

test.each([
  ["label_values(model)", { kind: "values", label: "model" }],
  ['label_values(up{a=~"x,y"}, job)', { kind: "values", label: "job", selector: 'up{a=~"x,y"}' }],
  ["label_names()", { kind: "names" }],
  ["metrics(llm_.*)", { kind: "metrics", pattern: "llm_.*" }],
  ["query_result(topk(5, sum by (a) (b)))", { kind: "result", expr: "topk(5, sum by (a) (b))" }],
  ['up{job="a"}', { kind: "series", selector: 'up{job="a"}' }],
])("%s asks for %j", (query, expected) => {
  expect(labelQuery(query)).toEqual(expected);
});

test("a list of values may name them in other words", () => {
  expect(custom("a, Bee : b, c\\,d")).toEqual([
    { text: "a", value: "a" },
    { text: "Bee", value: "b" },
    { text: "c,d", value: "c,d" },
  ]);
});

test.each([
  ["/host-(\\d+)/", ["1", "2"]],
  ["host", ["host-1", "host-2"]],
  ["/(?<text>host)-(?<value>\\d)/", ["1", "2"]],
  [undefined, ["host-1", "host-2", "other"]],
])("the expression %s keeps %j", (regex, expected) => {
  expect(filtered(options("host-1", "host-2", "other", "host-1"), regex).map(({ value }) => value)).toEqual(
    expected,
  );
});

test.each([
  [0, ["b", "A10", "A9"]],
  [1, ["A10", "A9", "b"]],
  [2, ["b", "A9", "A10"]],
  [3, ["b", "A9", "A10"]],
  [4, ["A10", "A9", "b"]],
  [5, ["A10", "A9", "b"]],
])("in the order %d values are %j", (order, expected) => {
  expect(sorted(options("b", "A10", "A9"), order).map(({ text }) => text)).toEqual(expected);
});

describe("what is chosen", () => {
  const all = { multi: true, includeAll: true, current: { value: "$__all" } };

  test.each([
    ["what the address wants", model({ multi: true }), ["b"], ["b"]],
    ["all, in an address that says so", model(all), ["$__all"], ["$__all"]],
    ["what the address wants even if it isn't there now", model({ multi: true }), ["gone"], ["gone"]],
    ["all, as it was stored", model(all), undefined, ["$__all"]],
    ["what was stored", model({ current: { value: "b" } }), undefined, "b"],
    ["the first, where what was stored is gone", model({ current: { value: "gone" } }), undefined, "a"],
  ])("is %s", (_what, given, wanted, expected) => {
    expect(chosenOf(given, options("a", "b"), wanted).value).toEqual(expected);
  });

  test("is nothing where there is nothing", () => {
    expect(chosenOf(model(), [], undefined).value).toBe("");
    expect(chosenOf(model({ multi: true }), [], undefined).value).toEqual([]);
  });
});
