import { type Project, shownPath } from "../../project.js";
import type { Problem } from "../../validate/problem.js";
import type { FileResult } from "./promtool-files.js";
import { rulePlace } from "./rule-place.js";
import type { CaseResult, RuleResult } from "./test-packs.js";

/** What the cases of rules found, as findings at the rules' and cases' own places. */
export function caseFindings(results: readonly RuleResult[], project: Project): Problem[] {
  return results.flatMap((result) => [...missingKinds(result, project), ...failedCases(result, project)]);
}

function missingKinds(result: RuleResult, project: Project): Problem[] {
  const { rule, missing } = result;
  if (missing.length === 0) return [];
  const kinds = missing.map((kind) => `"${kind}"`);
  return [
    {
      id: "alert-case-missing",
      severity: "error",
      what: `${rule.name} has no case of kind ${kinds.join(", ")}.`,
      why: "An alert is proven when it is seen to fire, to stay quiet just below its threshold, to resolve, and what it does without data.",
      next: `Add a case of ${missing.length === 1 ? "this kind" : "each of these kinds"} to its \`cases\`.`,
      place: rulePlace(project, result),
    },
  ];
}

function failedCases(result: RuleResult, project: Project): Problem[] {
  const { rule, cases } = result;
  return cases
    .filter(({ passed }) => !passed)
    .map((failed) => ({
      id: "rule-case-failed",
      severity: "error" as const,
      what: `${rule.name}: ${titleOf(failed)} is not as its case says.`,
      output: failed.deviations.flatMap(({ at, expected, got }) => [
        ...labelled(`${at ? `at ${at} ` : ""}expected`, expected),
        ...labelled(`${at ? " ".repeat(at.length + 4) : ""}     got`, got),
      ]),
      place: rulePlace(project, result, failed.name),
    }));
}

/** What the user's own test files found. */
export function fileFindings(results: readonly FileResult[], project: Project): Problem[] {
  return results.flatMap(({ path, failures }) =>
    failures.map(({ test, lines }) => ({
      id: "promtool-test-failed",
      severity: "error" as const,
      what: `promtool finds the test "${test}" failing.`,
      output: lines,
      place: { file: shownPath(project, path) },
    })),
  );
}

function titleOf({ kind, name }: CaseResult): string {
  return kind ? `"${name}" (${kind})` : `"${name}"`;
}

/** A label in front of lines, those below it indented alike. */
function labelled(label: string, text: string): string[] {
  return text
    .split("\n")
    .map((line, at) => `${at === 0 ? `${label}: ` : " ".repeat(label.length + 2)}${line}`);
}
