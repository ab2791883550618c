import { benchFolder, judge } from "./judge.js";

const folder = benchFolder();

test("nothing is wrong with what the cases break", async () => {
  const { problems, text } = await judge(folder());
  expect(problems.length === 0 ? "" : text).toBe("");
}, 60_000);
