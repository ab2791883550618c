import { findProgram } from "../../stack/toolchain/find.js";
import { ProblemError } from "../../stack/validate/problem.js";
import { timed } from "./context.js";
import type { Figure, Measured } from "./figure.js";
import { timeToCheck, timeToStart, withRuleFiles } from "./rule-files.js";

/** How much longer obs takes to check 1,000 rules than `promtool check rules` on the same files: both as whole processes. */
export const rulesTime: Figure = {
  id: "rules-time",
  title: "obs validate-rules over 1,000 rules in 100 files, of promtool's time",
  unit: "ratio",
  must: { atMost: 2 },
  measure: ({ runs }) => comparedWithPromtool(runs, async () => 0),
};

/** The same without what any command of obs takes: the start of Node, and reading the command line. */
export const rulesInProcess: Figure = {
  id: "rules-in-process",
  title: "the same without the start of obs",
  unit: "ratio",
  must: { atMost: 2 },
  measure: ({ runs }) => comparedWithPromtool(runs, timeToStart),
};

/** `leftOut`: what isn't counted of a run of obs, in ms. */
function comparedWithPromtool(runs: number, leftOut: (folder: string) => Promise<number>): Promise<Measured> {
  return withRuleFiles(1_000, async (folder, files) => {
    const promtool = await findProgram("promtool");
    if (!promtool)
      throw new ProblemError([
        {
          id: "program-missing",
          severity: "error",
          what: "promtool isn't there.",
          next: "Run `obs toolchain install`.",
        },
      ]);
    // What both read is in the file system's cache, and obs is built.
    await timeToCheck(folder, files);
    const values: number[] = [];
    let note = "";
    for (let run = 0; run < runs; run++) {
      const theirs = await timed(promtool.path, ["check", "rules", "--lint=none", ...files], folder);
      const ours = (await timeToCheck(folder, files)) - (await leftOut(folder));
      values.push(ours / theirs);
      note = `last run: ${ours.toFixed(0)} ms, promtool ${theirs.toFixed(0)} ms`;
    }
    return { values, note };
  });
}
