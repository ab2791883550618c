import { configCases } from "../broken/config.js";
import { benchFolder, expectFound, judge } from "../broken/judge.js";
import { overrideCases } from "../broken/overrides.js";
import { templateCases } from "../broken/templates.js";

/** What stays quiet in the checks of obs, and is found by the upstream programs; see test/broken for the rest. */
const cases = [...configCases, ...overrideCases, ...templateCases].filter(
  ({ needsPrograms }) => needsPrograms,
);
const folder = benchFolder();

test("the real programs find nothing wrong with what the cases break", async () => {
  const { problems, text } = await judge(folder(), undefined, "installed");
  expect(problems.length === 0 ? "" : text).toBe("");
});

test.each(cases.map((each) => [each.title, each] as const))("%s", async (_title, broken) => {
  expectFound(await judge(folder(), broken, "installed"), broken);
});
