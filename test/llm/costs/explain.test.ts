import { amount, text } from "../../../llm/costs/amount.js";
import { decompose, type ModelUsage } from "../../../llm/costs/explain.js";
import { seededRandom } from "../../support/random.js";

function usage(
  model: string,
  before: [calls: number, tokens: number, cost: string],
  now: [calls: number, tokens: number, cost: string],
): ModelUsage {
  return {
    model,
    calls: [BigInt(before[0]), BigInt(now[0])],
    tokens: [BigInt(before[1]), BigInt(now[1])],
    cost: [amount(before[2]), amount(now[2])],
  };
}

function effects(...usages: ModelUsage[]) {
  return Object.fromEntries(
    Object.entries(decompose(usages)).map(([factor, effect]) => [factor, text(effect)]),
  );
}

describe("why costs changed", () => {
  it("is volume alone where everything doubled", () => {
    expect(effects(usage("a", [10, 1000, "1"], [20, 2000, "2"]))).toEqual({
      volume: "1",
      mix: "0",
      tokens: "0",
      price: "0",
    });
  });

  it("is tokens alone where each call became longer, and price alone where a token became dearer", () => {
    expect(effects(usage("a", [10, 1000, "1"], [10, 3000, "3"]))).toMatchObject({ tokens: "2", price: "0" });
    expect(effects(usage("a", [10, 1000, "1"], [10, 1000, "1.5"]))).toMatchObject({
      tokens: "0",
      price: "0.5",
    });
  });

  it("is mix alone where calls went to the dearer model, one that is new too", () => {
    const moved = effects(
      usage("cheap", [100, 1000, "1"], [50, 500, "0.5"]),
      usage("dear", [100, 1000, "10"], [150, 1500, "15"]),
    );
    expect(moved).toEqual({ volume: "0", mix: "4.5", tokens: "0", price: "0" });
    const replaced = effects(
      usage("old", [100, 1000, "1"], [0, 0, "0"]),
      usage("new", [0, 0, "0"], [100, 1000, "10"]),
    );
    expect(replaced).toEqual({ volume: "0", mix: "9", tokens: "0", price: "0" });
  });

  it("shares what two factors make together equally between them", () => {
    // Twice the calls of twice the tokens: 1 became 4, of which each made half of 3.
    expect(effects(usage("a", [10, 1000, "1"], [20, 4000, "4"]))).toMatchObject({
      volume: "1.5",
      tokens: "1.5",
    });
  });

  it("is volume where there was nothing before, or is nothing now", () => {
    expect(effects(usage("a", [0, 0, "0"], [10, 1000, "1"]))).toMatchObject({ volume: "1", mix: "0" });
    expect(effects(usage("a", [10, 1000, "1"], [0, 0, "0"]))).toMatchObject({ volume: "-1", price: "0" });
    expect(effects()).toEqual({ volume: "0", mix: "0", tokens: "0", price: "0" });
  });

  it("takes in what costs without tokens", () => {
    expect(effects(usage("a", [10, 0, "1"], [20, 0, "2"]))).toMatchObject({ volume: "1" });
  });

  it("adds up to the last place, whatever happened to however many models", () => {
    const random = seededRandom(11);
    for (let run = 0; run < 100; run++) {
      const period = (): [number, number, string] => {
        const calls = random.pick([0, 1, random.below(1e6)]);
        const tokens = calls === 0 ? 0 : random.pick([0, random.below(1e9)]);
        return [calls, tokens, calls === 0 ? "0" : `${random.below(1e4)}.${random.below(1e9)}`];
      };
      const usages = Array.from({ length: random.below(40) }, (_, at) => usage(`m${at}`, period(), period()));
      const { volume, mix, tokens, price } = decompose(usages);
      const change = usages.reduce((all, { cost }) => all + cost[1] - cost[0], 0n);
      expect(volume + mix + tokens + price).toBe(change);
    }
  });
});
