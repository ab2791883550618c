import { allInProgress, inProgress } from "../../../llm/sdk/in-progress.js";

test("a name made up for each call doesn't fill the memory, and calls that go on are never forgotten", () => {
  const going = inProgress("openai", "gpt-slow");
  going.calls++;
  for (let call = 0; call < 2_000; call++) inProgress("openai", `made-up-${call}`);
  const all = [...allInProgress()];
  expect(all).toHaveLength(500);
  expect(all[0]).toBe(going);
  expect(all.at(-1)!.labels).toEqual({ model: "made-up-1999", provider: "openai" });
  expect(inProgress("openai", "gpt-slow")).toBe(going);
});
