import { addDays, daysIn, daysOf, periodOf, previousOf, todayIn } from "../../../llm/costs/period.js";
import { ProblemError } from "../../../stack/validate/problem.js";

const today = "2026-11-21";

describe("a period", () => {
  it.each([
    [{}, "2026-11-01", "2026-11-21"],
    [{ from: "2026-10" }, "2026-10-01", "2026-11-21"],
    [{ from: "2026-10", to: "2026-10" }, "2026-10-01", "2026-10-31"],
    [{ to: "2024-02" }, "2024-02-01", "2024-02-29"],
    [{ from: "2026-11-20", to: "2026-11-20" }, "2026-11-20", "2026-11-20"],
    [{ from: "2026-12-05" }, "2026-12-05", "2026-12-05"],
  ])("of %j goes from %s to %s", (given, from, to) => {
    expect(periodOf(given, today)).toEqual({ from, to });
  });

  it.each([
    { from: "2026-11-02", to: "2026-11-01" },
    { from: "2026-02-30" },
    { to: "2026-13" },
    { from: "yesterday" },
    { from: "0000-00-00" },
    { from: "'; DROP TABLE llm_usage; --" },
  ])("is none of %j, and that is said", (given) => {
    const thrown = (() => {
      try {
        return periodOf(given, today);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ProblemError);
    expect((thrown as ProblemError).problems[0]!.id).toBe("costs-period");
  });

  it.each([
    // Whole months.
    ["2026-11-01", "2026-11-30", "2026-10-01", "2026-10-31"],
    ["2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"],
    // The month so far.
    ["2026-11-01", "2026-11-21", "2026-10-01", "2026-10-21"],
    ["2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28"],
    // Anything else.
    ["2026-11-10", "2026-11-16", "2026-11-03", "2026-11-09"],
    ["2026-11-21", "2026-11-21", "2026-11-20", "2026-11-20"],
  ])("%s to %s is compared with %s to %s", (from, to, before, until) => {
    expect(previousOf({ from, to })).toEqual({ from: before, to: until });
  });

  it("counts its days over the end of a year and a leap day", () => {
    expect(daysIn({ from: "2023-12-31", to: "2024-03-01" })).toBe(62);
    expect(daysOf({ from: "2024-02-28", to: "2024-03-01" })).toEqual([
      "2024-02-28",
      "2024-02-29",
      "2024-03-01",
    ]);
    expect(addDays("2024-01-01", -1)).toBe("2023-12-31");
  });
});

test("today is that of the time zone", () => {
  const now = new Date("2026-11-21T20:00:00Z");
  expect(["UTC", "Asia/Tokyo", "America/Los_Angeles"].map((zone) => todayIn(zone, now))).toEqual([
    "2026-11-21",
    "2026-11-22",
    "2026-11-21",
  ]);
});

test("a time zone that there isn't is said, with the one that was meant", () => {
  expect(() => todayIn("Europe/Berln")).toThrow(ProblemError);
  try {
    todayIn("Europe/Berln");
  } catch (error) {
    expect((error as ProblemError).problems[0]).toMatchObject({
      id: "unknown-time-zone",
      next: 'Did you mean "Europe/Berlin"?',
    });
  }
});
