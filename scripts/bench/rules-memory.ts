import type { Figure } from "./figure.js";
import { memoryToCheck, withRuleFiles } from "./rule-files.js";

/** Memory of a process that checks 1,000 rules, Node's own included. */
export const rulesMemory: Figure = {
  id: "rules-memory",
  title: "memory for the checks of 1,000 rules",
  unit: "MiB",
  must: { atMost: 150 },
  measure: ({ runs }) =>
    withRuleFiles(1_000, async (folder, files) => {
      const values: number[] = [];
      for (let run = 0; run < runs; run++) values.push(await memoryToCheck(folder, files));
      return { values };
    }),
};
