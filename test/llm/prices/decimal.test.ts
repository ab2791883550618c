import { divide, formatDecimal, parseDecimal, writtenDecimal } from "../../../llm/prices/decimal.js";

describe("decimals", () => {
  it.each([
    ["0", 0n],
    ["12", 12_00000000n],
    ["0.075", 7_500_000n],
    ["-3.5", -3_50000000n],
    ["1e-7", 10n],
    ["1.5E2", 150_00000000n],
    ["0.000000005", 1n],
    ["0.000000004999", 0n],
    ["-0.000000005", -1n],
  ])("reads %s to the 8th place", (text, value) => {
    expect(parseDecimal(text, 8)).toBe(value);
  });

  it.each(["", "1,5", "0x10", "1.2.3", "NaN", "Infinity", ".5", "1e9999"])("refuses %j", (text) => {
    expect(() => parseDecimal(text, 8)).toThrow(RangeError);
  });

  it.each([
    [130_000_000_000n, "0.00000013"],
    [0n, "0"],
    [-1n, "-0.000000000000000001"],
    [25n * 10n ** 17n, "2.5"],
    [10n ** 30n, "1000000000000"],
  ])("writes %s without exponent and needless zeros", (value, text) => {
    expect(formatDecimal(value, 18)).toBe(text);
  });

  it("rounds quotients half away from zero", () => {
    expect([divide(5n, 2n), divide(-5n, 2n), divide(4n, 3n), divide(-4n, -3n)]).toEqual([3n, -3n, 1n, 1n]);
  });

  it("finds the decimal that somebody wrote in a binary number", () => {
    expect([0.1 + 0.2, 0.18000000000000002, 0.075, 1e-7].map(writtenDecimal)).toEqual([
      "0.3",
      "0.18",
      "0.075",
      "1e-7",
    ]);
  });
});
