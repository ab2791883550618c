import { datedSeries, UnusableSeries, valuesIn } from "../../../stack/drill/series.js";

test.each([
  ["1 2 -3.5", [1, 2, -3.5]],
  ["1+2x3", [1, 3, 5, 7]],
  ["10-5x2", [10, 5, 0]],
  ["-2+4x1 7x2", [-2, 2, 7, 7, 7]],
  ["1 _ 3 _x2 4", [1, undefined, 3, undefined, undefined, 4]],
  ["1 stale", [1, undefined]],
  ["1e3 NaN Inf -Inf", [1000, Number.NaN, Infinity, -Infinity]],
])("values written as %j are those of promtool", (text, values) => {
  expect(valuesIn(text)).toEqual(values);
});

test.each(["{{schema:1}}", "1+2x", "a"])("%j is refused rather than misread", (text) => {
  expect(() => valuesIn(text)).toThrow(UnusableSeries);
});

test("the time of a case falls on now, and what comes too late is left out", () => {
  const now = 1_700_000_000_000;
  const [series] = datedSeries(
    { 'calls_total{model="m",le="+Inf"}': "0+1x10" },
    { interval: "30s", at: 120_000, now, until: now + 30_000 },
  );
  expect(series?.labels).toEqual({ __name__: "calls_total", model: "m", le: "+Inf" });
  expect(series?.samples).toEqual([
    [now - 120_000, 0],
    [now - 90_000, 1],
    [now - 60_000, 2],
    [now - 30_000, 3],
    [now, 4],
    [now + 30_000, 5],
  ]);
});
