import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import { templatesOf } from "../template/of-rule.js";

/** Templates that Prometheus refuses when it loads the file, with everything else in it. */
export const templateSyntax: RuleCheck = {
  id: "template-syntax",
  severity: "error",
  run: ({ files }) => rulesOf(files).flatMap(faults),
};

function faults(rule: Rule): Problem[] {
  return templatesOf(rule).flatMap(({ kind, name, text, parsed: { fault } }): Problem[] => {
    if (!fault) return [];
    return [
      {
        id: "template-syntax",
        severity: "error",
        what: `The template of the ${kind} "${name}" can't be read: ${fault.message}.`,
        ...(fault.next && { next: fault.next }),
        place: placeIn(rule.group.file, text, fault.at),
      },
    ];
  });
}
