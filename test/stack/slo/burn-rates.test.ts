import { burnRate, canBurn, errorBudget, workbook } from "../../../stack/slo/burn-rates.js";

const rates = (window: string) =>
  [...workbook.page, ...workbook.ticket].map((pair) => burnRate(pair, window));

test("over 30 days the workbook's budgets are its burn rates", () => {
  expect(rates("30d")).toEqual([14.4, 6, 3, 1]);
});

test("over other windows the same share of the budget is another burn rate, never one that a kept promise reaches", () => {
  expect(rates("28d")).toEqual([13.44, 5.6, 2.8, 1]);
  expect(rates("90d")).toEqual([43.2, 18, 9, 3]);
  expect(rates("7d")).toEqual([3.36, 1.4, 1, 1]);
});

test("an error budget is exact, whatever binary fractions make of it", () => {
  expect([99.9, 99.99, 99.95, 99, 90, 50].map(errorBudget)).toEqual([0.001, 0.0001, 0.0005, 0.01, 0.1, 0.5]);
});

test("a burn rate that takes more than every event to fail can't be reached", () => {
  expect(canBurn(14.4, 99)).toBe(true);
  expect(canBurn(14.4, 90)).toBe(false);
  expect(canBurn(10, 90)).toBe(false);
});
