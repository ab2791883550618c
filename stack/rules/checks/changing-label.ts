import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import { isValue, labelUses, operandsOf, templatesOf } from "../template/of-rule.js";
import { unbounded } from "./promql-cardinality.js";

/**
 * A label that changes with every evaluation makes another alert each time: it never fires for long, or over and over. One
 * whose values never end makes an alert for each of them.
 */
export const changingLabel: RuleCheck = {
  id: "changing-label",
  severity: "warning",
  run: ({ files }) => rulesOf(files).flatMap(changing),
};

/** Functions that give something else each time. */
const changingFunctions = ["query", "now"];

function changing(rule: Rule): Problem[] {
  return templatesOf(rule).flatMap(({ kind, name, text, parsed }): Problem[] => {
    if (kind !== "label" || parsed.fault) return [];
    for (const { operand, pipeline } of operandsOf(parsed)) {
      const byValue = isValue(operand, pipeline);
      if (!byValue && !(operand.kind === "function" && changingFunctions.includes(operand.name))) continue;
      return [
        {
          id: "changing-label",
          severity: "warning",
          what: `The label "${name}" changes with ${byValue ? "the value" : `what "${operand.name}" gives`}.`,
          why:
            "An alert is known by its labels: with each change the old one is resolved, and a new one begins to wait for its " +
            '"for" from the start.',
          next: byValue
            ? "Put the value into an annotation; make a rule of its own for each severity."
            : "Put it into an annotation.",
          place: placeIn(rule.group.file, text, operand.at),
        },
      ];
    }
    const unending = labelUses(parsed).find(({ label }) => unbounded.test(label));
    if (!unending) return [];
    return [
      {
        id: "changing-label",
        severity: "warning",
        what: `The label "${name}" has a value for every single ${unending.label}.`,
        why: "Each of them is an alert of its own: nobody can read that many notifications.",
        next: "Put it into an annotation.",
        place: placeIn(rule.group.file, text, unending.at),
      },
    ];
  });
}
