import { stackSchema } from "../../../stack/define.js";
import { shapeProblems } from "../../../stack/load/shape.js";

/** What a definition with this `llm` is told, and where. */
function told(llm: object): string[] {
  const input = { name: "shop", llm };
  const parsed = stackSchema.safeParse(input);
  return parsed.success
    ? []
    : shapeProblems(stackSchema, input, parsed.error.issues).map(
        ({ id, place, what }) => `${id} ${place?.keyPath}: ${what}`,
      );
}

const price = { model: "m", input: 1, output: 2 };

describe("prices, discounts and budgets of a definition", () => {
  it.each([
    [
      {
        prices: [price, { ...price, provider: "openai", from: "2026-01-01", until: "2026-02-01T12:00:00Z" }],
      },
    ],
    [{ prices: [{ ...price, input: "0.00000001", output: 1e-7, cacheRead: 0, serviceTier: "batch" }] }],
    [{ discounts: [{ percent: 12.5 }, { provider: "openai", model: "gpt-*", percent: "100" }] }],
    [
      {
        budgets: {
          search: { team: "search", monthlyUsd: 500 },
          alice: { user: "alice", monthlyUsd: "0.01" },
        },
      },
    ],
  ])("may be %j", (llm) => {
    expect(told(llm)).toEqual([]);
  });

  it.each([
    [{ prices: [{ ...price, input: -1 }] }, "llm.prices[0].input"],
    [{ prices: [{ ...price, input: 0.000000001 }] }, "llm.prices[0].input"],
    [{ prices: [{ ...price, input: "1,5" }] }, "llm.prices[0].input"],
    [{ prices: [{ ...price, input: Number.NaN }] }, "llm.prices[0].input"],
    [{ prices: [{ model: "m", output: 1 }] }, "llm.prices[0].input"],
    [{ prices: [{ ...price, ouput: 1 }] }, "llm.prices[0].ouput"],
    [{ prices: [{ ...price, from: "2026-02-30" }] }, "llm.prices[0].from"],
    [{ prices: [{ ...price, from: "March" }] }, "llm.prices[0].from"],
    [{ prices: [{ ...price, from: "2026-03-01", until: "2026-03-01" }] }, "llm.prices[0].until"],
    [{ discounts: [{ percent: 100.01 }] }, "llm.discounts[0].percent"],
    [{ discounts: [{ percent: "12.345" }] }, "llm.discounts[0].percent"],
    [{ budgets: { Search: { team: "search", monthlyUsd: 1 } } }, "llm.budgets.Search"],
    [{ budgets: { search: { team: "search", monthlyUsd: 0 } } }, "llm.budgets.search.monthlyUsd"],
    [{ budgets: { search: { team: "search", feature: "chat", monthlyUsd: 1 } } }, "llm.budgets.search"],
    [{ budgets: { search: { monthlyUsd: 1 } } }, "llm.budgets.search"],
  ])("may not be %j, which is told at its place", (llm, keyPath) => {
    const problems = told(llm);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.split(": ")[0]!.split(" ")[1]).toBe(keyPath);
  });
});
