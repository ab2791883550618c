import { goDuration, parseDuration } from "../../stack/duration.js";

test.each([
  ["15d", 15 * 86_400_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  ["1y2w3d4h5m6s7ms", 33_019_506_007],
  ["0", 0],
])("%s is %d milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "15", "1.5h", "5 m", "30m1h", "-5m", "fortnight"])("%j is not a duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  ["15d", "360h0m0s"],
  ["90s", "0h1m30s"],
  ["1500ms", "1500ms"],
])("Go reads %s as %s", (text, go) => {
  expect(goDuration(text)).toBe(go);
});
