import {
  fieldDefaultsOf,
  optionsOf,
  withDefaults,
} from "../../../../dashboards/preview/page/panels/panel-defaults.js";

test("what a panel leaves out is filled in as its plugin does, and what it says stays", () => {
  const options = optionsOf<Record<string, unknown>>({
    type: "stat",
    options: { graphMode: "none", reduceOptions: { calcs: ["max"] }, textMode: null },
  });
  expect(options).toMatchObject({
    graphMode: "none",
    textMode: "auto",
    reduceOptions: { calcs: ["max"], values: false, fields: "" },
  });
});

test("fields get a colour mode and thresholds by the panel's type", () => {
  expect(fieldDefaultsOf({ type: "timeseries" })).toMatchObject({
    color: { mode: "palette-classic" },
    thresholds: {
      steps: [
        { value: Number.NEGATIVE_INFINITY, color: "green" },
        { value: 80, color: "red" },
      ],
    },
    custom: { drawStyle: "line", stacking: { mode: "none" } },
  });
  const custom = { stacking: { mode: "percent" } };
  expect(
    fieldDefaultsOf({ type: "timeseries", fieldConfig: { defaults: { custom, unit: "s" } } }),
  ).toMatchObject({
    unit: "s",
    custom: { drawStyle: "line", stacking: { mode: "percent", group: "A" } },
  });
  expect(fieldDefaultsOf({ type: "made-up" }).color).toEqual({ mode: "thresholds" });
});

test("a list given replaces the list that is the default, and a null nothing", () => {
  expect(withDefaults({ a: [], b: null, c: 1 }, { a: [1], b: 2 })).toEqual({ a: [], b: 2, c: 1 });
  expect(withDefaults("nonsense", { a: 1 })).toEqual({ a: 1 });
});
