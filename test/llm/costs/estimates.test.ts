import { amount } from "../../../llm/costs/amount.js";
import { judgeDay } from "../../../llm/costs/anomalies.js";
import { exhaustedOn, forecastMonth } from "../../../llm/costs/budget.js";
import { daysOf } from "../../../llm/costs/period.js";

describe("a day against those before", () => {
  const usual = [10, 12, 9, 11, 10, 8, 10];

  it("is so many sample deviations from their mean", () => {
    // Mean 10, squares 0 4 1 1 0 4 0 = 10 over 6.
    const { zScore, mean } = judgeDay(15, usual);
    expect(mean).toBe(10);
    expect(zScore).toBeCloseTo(5 / Math.sqrt(10 / 6), 10);
  });

  it("is an anomaly from three deviations on, up or down", () => {
    const at = (cost: number) => judgeDay(cost, usual).verdict;
    const deviation = Math.sqrt(10 / 6);
    expect([10 + 3.01 * deviation, 10 + 2.99 * deviation, 10 - 3.01 * deviation].map(at)).toEqual([
      "anomaly",
      "usual",
      "anomaly",
    ]);
  });

  it("is no anomaly by a cent where all days were alike, and one where it is double", () => {
    const alike = Array.from({ length: 28 }, () => 10);
    expect([10.01, 20].map((cost) => judgeDay(cost, alike).verdict)).toEqual(["usual", "anomaly"]);
  });

  it("is not judged by fewer than seven days, nor by none", () => {
    expect(judgeDay(1000, usual.slice(1))).toMatchObject({ zScore: null, days: 6, verdict: "thin-history" });
    expect(judgeDay(1000, [])).toMatchObject({ zScore: null, mean: null, verdict: "new" });
  });

  it("is an anomaly without a number where nothing was ever spent", () => {
    const free = Array.from({ length: 7 }, () => 0);
    expect([judgeDay(1, free), judgeDay(0, free)].map(({ zScore, verdict }) => [zScore, verdict])).toEqual([
      [null, "anomaly"],
      [null, "usual"],
    ]);
  });
});

describe("a month's forecast", () => {
  const days = (from: string, to: string, cost: (at: number) => string) =>
    daysOf({ from, to }).map((day, at) => ({ day, cost: amount(cost(at)) }));

  it("adds the mean of the days before for each day to come", () => {
    // 20 days of 10, today 4 so far: 204 + 6 for the rest of today + 9 days of 10.
    const month = days("2026-11-01", "2026-11-21", (at) => (at === 20 ? "4" : "10"));
    expect(forecastMonth(month, "2026-11-21")).toEqual({
      usd: "300",
      lowUsd: "300",
      highUsd: "300",
      days: 20,
    });
  });

  it("keeps what today is already beyond the mean", () => {
    const month = days("2026-11-01", "2026-11-21", (at) => (at === 20 ? "50" : "10"));
    expect(forecastMonth(month, "2026-11-21")?.usd).toBe("340");
  });

  it("has a range that grows with the root of the days to come, and never ends below what is spent", () => {
    const month = days("2026-11-01", "2026-11-21", (at) => (at === 20 ? "0" : at % 2 ? "0" : "20"));
    // Mean 10, sample deviation 10 x sqrt(20/19), ten days to come.
    const spread = 1.2816 * 10 * Math.sqrt(20 / 19) * Math.sqrt(10);
    const { usd, lowUsd, highUsd } = forecastMonth(month, "2026-11-21")!;
    expect([usd, Number(lowUsd), Number(highUsd)]).toEqual([
      "300",
      expect.closeTo(300 - spread, 2),
      expect.closeTo(300 + spread, 2),
    ]);
    const wild = days("2026-11-01", "2026-11-30", (at) => (at === 0 ? "1000" : "0"));
    expect(forecastMonth(wild, "2026-11-30")!.lowUsd).toBe("1000");
  });

  it("goes by days of the month before on the first, and there is none without a complete day", () => {
    const first = days("2026-10-04", "2026-11-01", (at) => (at === 28 ? "0" : "1"));
    expect(forecastMonth(first, "2026-11-01")).toMatchObject({ usd: "30", days: 28 });
    expect(
      forecastMonth(
        days("2026-11-01", "2026-11-01", () => "5"),
        "2026-11-01",
      ),
    ).toBeNull();
    expect(forecastMonth([], "2026-11-01")).toBeNull();
  });

  it("tells the day on which a budget was, or will be, used up", () => {
    const month = days("2026-11-01", "2026-11-21", (at) => (at === 20 ? "4" : "10"));
    const on = (budget: string) => exhaustedOn(month, "2026-11-21", amount(budget));
    expect([on("100"), on("95"), on("204.01"), on("210"), on("215"), on("300"), on("300.01")]).toEqual([
      "2026-11-10",
      "2026-11-10",
      "2026-11-21",
      "2026-11-21",
      "2026-11-22",
      "2026-11-30",
      null,
    ]);
    expect(exhaustedOn([], "2026-11-21", amount("1"))).toBeNull();
  });
});
