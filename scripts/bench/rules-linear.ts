import type { Figure } from "./figure.js";
import { timeToCheck, withRuleFiles } from "./rule-files.js";

/** How much longer 10,000 rules take than 1,000, whole processes: ten times at most, when the cost is linear. */
export const rulesLinear: Figure = {
  id: "rules-linear",
  title: "checks of 10,000 rules, of the time for 1,000",
  unit: "ratio",
  must: { atMost: 10 },
  measure: ({ runs }) =>
    withRuleFiles(1_000, (folder, few) =>
      withRuleFiles(10_000, async (__, many) => {
        const values: number[] = [];
        for (let run = 0; run < runs; run++) {
          values.push((await timeToCheck(folder, many)) / (await timeToCheck(folder, few)));
        }
        return { values };
      }),
    ),
};
