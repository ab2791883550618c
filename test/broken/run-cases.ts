import type { BrokenCase } from "./broken-case.js";
import { benchFolder, expectFound, judge } from "./judge.js";

/** The first case of a file translates all code of the definition, on a machine that may be busy. */
const patience = 60_000;

/**
 * test/broken/base is a stack with something of everything and nothing wrong. Each case is a single edit of it, as
 * somebody makes it at night; it must be found where it is, and not be buried under what follows from it. What only
 * the upstream programs can see is left to test/e2e/broken.test.ts.
 */
export function runCases(themes: Readonly<Record<string, readonly BrokenCase[]>>): void {
  const folder = benchFolder();
  describe.each(Object.entries(themes))("a mistake in %s is found in its place", (_theme, cases) => {
    test.each(cases.filter(({ needsPrograms }) => !needsPrograms).map((each) => [each.title, each] as const))(
      "%s",
      async (_title, broken) => {
        expectFound(await judge(folder(), broken), broken);
      },
      patience,
    );
  });
}
