import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import type { RuleSettings } from "../settings.js";
import { faultOf } from "../text-rule.js";

/** What somebody who is woken needs: what it is, what it means, what to do. */
export const alertAnnotations: RuleCheck = {
  id: "alert-annotations",
  severity: "warning",
  run: ({ files, settings }) =>
    rulesOf(files).flatMap((rule) =>
      rule.kind === "alert" ? [...missing(rule), ...unlikeAgreed(rule, settings)] : [],
    ),
};

/** Annotations that the team agreed on: alerting.checks.annotations. */
function unlikeAgreed(rule: Rule, { annotations }: RuleSettings): Problem[] {
  return Object.entries(annotations).flatMap(([name, wanted]) => {
    const fault = faultOf(rule.annotations.get(name), wanted);
    if (!fault) return [];
    const at = rule.annotations.get(name) ?? rule.name;
    return [
      {
        id: "alert-annotations",
        severity: "warning" as const,
        what: `The annotation "${name}" of "${rule.name.value}" ${fault.what}.`,
        why: `alerting.checks.annotations.${name} says so.`,
        next: fault.next,
        place: placeIn(rule.group.file, at),
      },
    ];
  });
}

/** Each with the names it goes by. `message` is what summary and description were called in older mixins. */
const wanted = [
  { names: ["summary", "message"], what: "a summary: what is wrong, in one line" },
  { names: ["description", "message"], what: "a description: what it means, and for whom" },
  { names: ["runbook_url", "runbook"], what: "a runbook_url: what to do about it" },
] as const;

function missing(rule: Rule): Problem[] {
  const has = (name: string) => (rule.annotations.get(name)?.value.trim() ?? "") !== "";
  // Most have all of them, by the first name.
  if (wanted.every(({ names }) => has(names[0]))) return [];
  const absent = wanted.filter(({ names }) => !names.some(has));
  if (absent.length === 0) return [];
  return [
    {
      id: "alert-annotations",
      // A summary is what every notification shows.
      severity: absent.some(({ names }) => names[0] === "summary") ? "warning" : "notice",
      what: `The alert "${rule.name.value}" has no ${absent.map(({ names }) => names[0]).join(", no ")}.`,
      next: `Annotate it with ${absent.map(({ what }) => what).join("; ")}.`,
      place: placeIn(rule.group.file, rule.name),
    },
  ];
}
