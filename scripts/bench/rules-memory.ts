import type { Figure } from "./figure.js";
import { judged, withRuleFiles } from "./rule-files.js";

/** Memory of a process that checks 1,000 rules, Node's own included. */
export const rulesMemory: Figure = {
  id: "rules-memory",
  title: "memory for the checks of 1,000 rules",
  unit: "MiB",
  must: { atMost: 150 },
  measure: ({ runs }) =>
    withRuleFiles(1_000, async (_, files) => {
      const values: number[] = [];
      for (let run = 0; run < runs; run++) values.push((await judged(files)).memory);
      return { values };
    }),
};
