import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { labelsOf, type Rule, rulesOf } from "../model.js";

/** Rules of the same name with the same labels, in one file or in several. */
export const duplicateRule: RuleCheck = {
  id: "duplicate-rule",
  severity: "warning",
  run({ files }) {
    const first = new Map<string, Rule>();
    const problems: Problem[] = [];
    for (const rule of rulesOf(files)) {
      const identity = identityOf(rule);
      const other = first.get(identity);
      if (other) problems.push(duplicate(rule, other));
      else first.set(identity, rule);
    }
    return problems;
  },
};

function identityOf(rule: Rule): string {
  const labels: string[][] = [];
  for (const [name, { value }] of labelsOf(rule)) labels.push([name, value]);
  if (labels.length > 1) labels.sort();
  return JSON.stringify([rule.group.language, rule.kind, rule.name.value, labels]);
}

function duplicate(rule: Rule, other: Rule): Problem {
  const file = rule.group.file;
  const place = other.name.positionOf(0);
  const where =
    other.group.file === file ? `in line ${place.line}` : `at ${other.group.file.path}:${place.line}`;
  const record = rule.kind === "record";
  return {
    id: "duplicate-rule",
    severity: "warning",
    what: `${record ? `"${rule.name.value}" is recorded` : `The alert "${rule.name.value}" is there`} once more with the same labels ${where}.`,
    why: record
      ? "They overwrite each other, and nobody can tell which one a reader sees."
      : rule.expr.value === other.expr.value
        ? "Each of them notifies."
        : "Alertmanager takes them for one alert: what one resolves, the other fires again.",
    next: "Take one out, or tell them apart by a label.",
    place: placeIn(file, rule.name),
  };
}
