import {
  backOff,
  countCrash,
  crashLoopAfter,
  steadyAfter,
} from "../../../../stack/runtime/native/back-off.js";

test("pauses double from a quarter of a second to a minute", () => {
  expect([1, 2, 3, 4, 8, 9, 10, 1000].map(backOff)).toEqual([
    250, 500, 1000, 2000, 32_000, 60_000, 60_000, 60_000,
  ]);
});

test("a crash loop is known within a second or so of pauses", () => {
  const pauses = Array.from({ length: crashLoopAfter - 1 }, (_, at) => backOff(at + 1));
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(1000);
});

test("a program that was up for a while starts counting anew", () => {
  expect(countCrash(7, steadyAfter - 1)).toBe(8);
  expect(countCrash(7, steadyAfter)).toBe(1);
});
