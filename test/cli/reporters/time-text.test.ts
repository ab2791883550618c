import { durationText, tookText } from "../../../cli/reporters/time-text.js";

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [3599, "59 min"],
  [3600, "1 h"],
  [12_000, "3 h 20 min"],
  [86_400, "1 d"],
  [187_200, "2 d 4 h"],
])("%d seconds read as %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test.each([
  [0, "0.0 s"],
  [432, "0.4 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [61_000, "1 min"],
])("what took %d ms reads as %s", (ms, text) => {
  expect(tookText(ms)).toBe(text);
});
