import { barLayout, rounded, ticks } from "../../../../dashboards/preview/page/panels/barchart/bar-layout.js";
import { onCircle, ringPath } from "../../../../dashboards/preview/page/panels/values/arc.js";
import {
  gaugeBands,
  gaugeEnd,
  gaugeStart,
  gaugeTurn,
} from "../../../../dashboards/preview/page/panels/values/gauge-scale.js";
import { pieSlices } from "../../../../dashboards/preview/page/panels/values/pie-slices.js";

test("slices fill the whole, largest first, without what is nothing, negative or no number", () => {
  const slices = pieSlices([1, 3, 0, -2, Number.NaN, Number.POSITIVE_INFINITY], (value) => value);
  expect(slices.map(({ item, share }) => [item, share])).toEqual([
    [3, 0.75],
    [1, 0.25],
  ]);
  expect(slices.map(({ from, to }) => [from, to])).toEqual([
    [0, 0.75],
    [0.75, 1],
  ]);
  expect(pieSlices([2, 1, 3], (value) => value, "asc").map(({ item }) => item)).toEqual([1, 2, 3]);
  expect(pieSlices([2, 1, 3], (value) => value, "none").map(({ item }) => item)).toEqual([2, 1, 3]);
  expect(pieSlices([0, 0], (value) => value)).toEqual([]);
});

test("turns count from the top, clockwise", () => {
  expect(onCircle(10, 0).y).toBeCloseTo(-10);
  expect(onCircle(10, 0.25).x).toBeCloseTo(10);
});

test("a whole turn is drawn, though an arc that ends where it starts is none", () => {
  expect(ringPath(0, 10, 0, 1).match(/A /g)).toHaveLength(2);
  expect(ringPath(5, 10, 0, 0.25)).toContain("A 5 5");
});

test("a gauge stops at its ends, and stands at its start where there is no range", () => {
  expect(gaugeTurn(50, 0, 100)).toBeCloseTo(0);
  expect(gaugeTurn(-5, 0, 100)).toBeCloseTo(gaugeStart);
  expect(gaugeTurn(500, 0, 100)).toBeCloseTo(gaugeEnd);
  expect(gaugeTurn(1, 2, 2)).toBeCloseTo(gaugeStart);
  expect(gaugeTurn(Number.NaN, 0, 100)).toBeCloseTo(gaugeStart);
});

test("thresholds colour a gauge from one to the next, in the unit or in percent", () => {
  const steps = [
    { value: Number.NEGATIVE_INFINITY, color: "green" },
    { value: 50, color: "red" },
    { value: 900, color: "purple" },
  ];
  expect(gaugeBands(steps, "absolute", 0, 100).map(({ color }) => color)).toEqual(["green", "red"]);
  const [, red] = gaugeBands(steps, "percentage", 0, 10);
  expect(red?.from).toBeCloseTo(0);
});

test("bars stand side by side, and a gap stays a gap", () => {
  const { bars, min, max } = barLayout(
    [
      [2, null],
      [4, Number.NaN],
      [-1, 3],
    ],
    "none",
    {
      groupWidth: 0.9,
      barWidth: 1,
    },
  );
  expect(bars.map(({ series, category, from, to }) => [series, category, from, to])).toEqual([
    [0, 0, 0, 2],
    [1, 0, 0, 4],
    [2, 0, 0, -1],
    [2, 1, 0, 3],
  ]);
  expect([min, max]).toEqual([-1, 4]);
  const [first, second] = bars;
  expect(second!.start).toBeCloseTo(first!.start + first!.size);
  for (const { start, size } of bars) expect(start >= 0 && start + size <= 1).toBe(true);
});

test("stacked bars go up with what is above zero and down with what is below", () => {
  const { bars, min, max } = barLayout([[2], [3], [-4]], "normal", { groupWidth: 0.7, barWidth: 1 });
  expect(bars.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [2, 5],
    [0, -4],
  ]);
  expect([min, max]).toEqual([-4, 5]);
});

test("bars in percent share one whole, and nothing has no length", () => {
  const { bars } = barLayout(
    [
      [1, 0],
      [3, 0],
    ],
    "percent",
    { groupWidth: 0.7, barWidth: 1 },
  );
  expect(bars.map(({ from, to }) => [from, to])).toEqual([
    [0, 0.25],
    [0.25, 1],
    [0, 0],
    [0, 0],
  ]);
});

test("no bars leave an axis that can be drawn", () => {
  expect(barLayout([], "none", { groupWidth: 0.7, barWidth: 1 })).toEqual({ bars: [], min: 0, max: 1 });
});

test("an axis has round marks, and ends at one of them", () => {
  expect(ticks(0, 120, 4)).toEqual([0, 50, 100]);
  expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticks(-5, 5, 2)).toEqual([-5, 0, 5]);
  expect(ticks(1, 1, 4)).toEqual([]);
  expect(ticks(0, Number.NaN, 4)).toEqual([]);
  expect(rounded(0, 120, 4)).toEqual({ min: 0, max: 150 });
});
