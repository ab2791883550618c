import { incidentNames } from "../../../cli/commands/demo.js";
import { demoDefaults } from "../../../cli/demo.js";
import { makeProgram } from "../../../cli/program.js";
import { embeddingModel, features, guardModel } from "../../../llm/demo/features.js";
import { nextConversation } from "../../../llm/demo/people.js";
import { incidents } from "../../../llm/demo/provider/behaviour.js";
import { seeded } from "../../../llm/demo/provider/random.js";
import { loadPriceCall } from "../../../llm/prices/price.js";

test("the command line offers every incident", () => {
  expect(incidentNames).toEqual(incidents);
});

test("obs up --demo starts what obs demo start does without options", () => {
  const start = makeProgram("0.0.0")
    .commands.find((command) => command.name() === "demo")!
    .commands.find((command) => command.name() === "start")!;
  expect(start.opts()).toEqual(demoDefaults);
});

test("the same seed brings the same people with the same questions", () => {
  const ten = (seed: number) => {
    const random = seeded(seed, "people");
    return Array.from({ length: 10 }, () => nextConversation(random, "none"));
  };
  expect(ten(1)).toEqual(ten(1));
  expect(ten(1)).not.toEqual(ten(2));
});

test("while costs are an incident one user of one feature sends far more", () => {
  const size = (incident: "none" | "cost") => {
    const random = seeded(1, "people");
    const all = Array.from({ length: 200 }, () => nextConversation(random, incident));
    const of = (user: string) =>
      all.filter((each) => each.user === user).reduce((sum, { text }) => sum + text.length, 0);
    return of("legal-7") / all.reduce((sum, { text }) => sum + text.length, 0);
  };
  expect(size("none")).toBeLessThan(0.3);
  expect(size("cost")).toBeGreaterThan(0.9);
});

test("every model that the demo asks has a price", async () => {
  const price = await loadPriceCall({ prices: [], discounts: [] });
  const models = features.flatMap(({ models }) => models);
  const asked = [
    ...[...models, guardModel].flatMap(({ provider, model, pinned }) => [
      { provider, model },
      { provider, model: pinned },
    ]),
    { provider: "openai", model: embeddingModel },
  ];
  for (const { provider, model } of asked) {
    const embeds = model === embeddingModel;
    const call = {
      provider,
      requestModel: model,
      responseModel: null,
      serviceTier: null,
      operation: embeds ? ("embeddings" as const) : ("chat" as const),
      tokens: { input: 100, output: embeds ? null : 10, cacheRead: null, cacheWrite: null, reasoning: null },
    };
    expect([model, price(call, new Date())]).toEqual([
      model,
      expect.objectContaining({ costUsd: expect.any(String) }),
    ]);
  }
});
