import { calledModel, calledModels } from "../../../llm/sdk/called-models.js";

test("a name made up for each call doesn't fill the memory, and calls that go on are never forgotten", () => {
  const going = calledModel("openai", "gpt-slow");
  going.inProgress++;
  for (let call = 0; call < 2_000; call++) calledModel("openai", `made-up-${call}`);
  const all = [...calledModels()];
  expect(all).toHaveLength(500);
  expect(all[0]).toBe(going);
  expect(all.at(-1)!.labels).toEqual({ model: "made-up-1999", provider: "openai" });
  expect(calledModel("openai", "gpt-slow")).toBe(going);
});
