import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { labelsOf, type Rule, rulesOf } from "../model.js";
import type { RuleSettings } from "../settings.js";
import { faultOf } from "../text-rule.js";

/** Labels that rules set, by what a team agreed on: alerting.checks.labels. */
export const ruleLabel: RuleCheck = {
  id: "rule-label",
  severity: "warning",
  run({ files, settings: { labels } }) {
    const wanted = Object.entries(labels);
    return wanted.length === 0 ? [] : rulesOf(files).flatMap((rule) => faults(rule, wanted));
  },
};

function faults(rule: Rule, wanted: [string, RuleSettings["labels"][string]][]): Problem[] {
  const labels = labelsOf(rule);
  return wanted.flatMap(([name, agreed]): Problem[] => {
    if (agreed.of !== "all" && agreed.of !== `${rule.kind}s`) return [];
    const fault = faultOf(labels.get(name), agreed);
    if (!fault) return [];
    return [
      {
        id: "rule-label",
        severity: "warning",
        what: `The label "${name}" of "${rule.name.value}" ${fault.what}.`,
        why: `alerting.checks.labels.${name} says so.`,
        next: fault.next,
        place: placeIn(rule.group.file, labels.get(name) ?? rule.name),
      },
    ];
  });
}
