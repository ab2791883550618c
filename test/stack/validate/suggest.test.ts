import { didYouMean } from "../../../stack/validate/suggest.js";

const known = ["username", "password", "bearer", "Slow"];

test.each([
  ["usrname", "username"],
  ["PASSWORD", "password"],
  ["user", "username"],
  ["slwo", "Slow"],
  ["colour", undefined],
  ["x", undefined],
])("%p means %p", (written, meant) => {
  expect(didYouMean(written, known)).toBe(meant);
});

test("a beginning that two known names share suggests neither", () => {
  expect(didYouMean("otlp", ["otlpGrpc", "otlpHttp"])).toBeUndefined();
});

test("where nothing is known nothing is suggested", () => {
  expect(didYouMean("name", [])).toBeUndefined();
});
