import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeIn, type RuleCheck, type RuleCheckContext } from "../check.js";
import { labelsOf, type Rule, rulesOf } from "../model.js";

/** Alerts are routed by their severity: without one, or with one that nobody knows, they go where nobody looks. */
export const alertSeverity: RuleCheck = {
  id: "alert-severity",
  severity: "warning",
  run: (context) =>
    rulesOf(context.files).flatMap((rule) => (rule.kind === "alert" ? severityProblem(rule, context) : [])),
};

function severityProblem(rule: Rule, { settings: { severities } }: RuleCheckContext): Problem[] {
  const severity = labelsOf(rule).get("severity");
  const all = severities.join(", ");
  const finding = (what: string, next: string, at = severity ?? rule.name): Problem[] => [
    { id: "alert-severity", severity: "warning", what, next, place: placeIn(rule.group.file, at) },
  ];
  if (!severity || severity.value === "") {
    return finding(
      `The alert "${rule.name.value}" has no severity.`,
      `Give it the label severity, one of ${all}.`,
    );
  }
  // What a template gives can't be known here.
  if (severity.value.includes("{{") || severities.includes(severity.value)) return [];
  const meant = didYouMean(severity.value, severities);
  return finding(
    `"${severity.value}" is none of the known severities.`,
    meant ? `Did you mean "${meant}"?` : `Known are ${all}.`,
  );
}
