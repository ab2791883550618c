import { increaseSince } from "../../../stack/verify/hops/spans-counted.js";

const series = (...values: [number, string][]) => ({ metric: {}, values });

test("a counter's growth is counted from the last sample before the moment", () => {
  expect(increaseSince(series([10, "5"], [20, "6"], [30, "8"]), 25_000)).toBe(2);
});

test("samples from before the moment alone are no growth", () => {
  expect(increaseSince(series([10, "5"], [20, "6"]), 25_000)).toBe(0);
  expect(increaseSince({ metric: {} }, 25_000)).toBe(0);
});

test("a counter without a past began at zero", () => {
  expect(increaseSince(series([30, "1"]), 25_000)).toBe(1);
});

test("a counter that fell began again, even when it ends where it was", () => {
  expect(increaseSince(series([20, "2"], [26, "0"], [30, "2"]), 25_000)).toBe(2);
  expect(increaseSince(series([20, "5"], [30, "2"]), 25_000)).toBe(2);
});
