import { findProgram } from "../../stack/toolchain/find.js";
import { ProblemError } from "../../stack/validate/problem.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";
import { judged, withRuleFiles } from "./rule-files.js";

/** How much longer the checks of 1,000 rules take than `promtool check rules` on the same files, as a whole process. */
export const rulesTime: Figure = {
  id: "rules-time",
  title: "checks of 1,000 rules in 100 files, of promtool's time",
  unit: "ratio",
  must: { atMost: 2 },
  measure: ({ runs }) =>
    withRuleFiles(1_000, async (folder, files) => {
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
      const values: number[] = [];
      let note = "";
      for (let run = 0; run < runs; run++) {
        const theirs = await timed(promtool.path, ["check", "rules", "--lint=none", ...files], folder);
        const ours = await judged(files);
        values.push(ours.ms / theirs);
        note = `last run: ${ours.ms.toFixed(0)} ms, promtool ${theirs.toFixed(0)} ms`;
      }
      return { values, note };
    }),
};
