import {
  asDuration,
  intervalOf,
  milliseconds,
  prometheusStep,
} from "../../../../dashboards/preview/page/data/step.js";

const hour = 3_600_000;

test.each([
  ["15s", 15_000],
  [">1m", 60_000],
  ["1h30m", 5_400_000],
  ["250ms", 250],
  ["1.5s", 1500],
  ["", undefined],
  ["soon", undefined],
])("%j is %s milliseconds", (text, expected) => {
  expect(milliseconds(text)).toBe(expected);
});

// What Grafana chooses for these ranges and widths.
test.each([
  [hour, 1200, 2000],
  [hour, 600, 5000],
  [6 * hour, 1200, 20_000],
  [24 * hour, 1200, 60_000],
  [7 * 24 * hour, 1200, 600_000],
  [30 * 24 * hour, 1000, 1_800_000],
  [365 * 24 * hour, 500, 12 * hour],
])("a range of %d ms on %d pixels has steps of %d ms", (length, maxDataPoints, expected) => {
  expect(intervalOf({ from: 0, to: length, maxDataPoints, minInterval: 0 })).toBe(expected);
});

test("the step is never below what is scraped, and the range begins and ends at whole steps", () => {
  const { step, start, end } = prometheusStep(
    { from: 1_000_003, to: 1_000_003 + hour, maxDataPoints: 1200, minInterval: 10_000 },
    10_000,
  );
  expect({ step, start, end }).toEqual({ step: 10_000, start: 1_000_000, end: 4_600_000 });
});

test("a rate looks at four scrapes at least, and at a scrape more than its step", () => {
  const over = (to: number) =>
    prometheusStep({ from: 0, to, maxDataPoints: 100, minInterval: 15_000 }, 15_000);
  expect(over(hour / 4).rateInterval).toBe(60_000);
  expect(over(24 * hour).rateInterval).toBe(over(24 * hour).step + 15_000);
});

test("a range that would have too many points for Prometheus gets longer steps", () => {
  const to = 30 * 24 * hour;
  const { step } = prometheusStep({ from: 0, to, maxDataPoints: 1_000_000, minInterval: 1000 }, 1000);
  expect(to / step).toBeLessThanOrEqual(11_000);
});

test.each([
  [15_000, "15s"],
  [90_000, "90s"],
  [3_600_000, "1h"],
  [86_400_000, "1d"],
  [250, "250ms"],
])("%d ms is written %s", (length, expected) => {
  expect(asDuration(length)).toBe(expected);
});
