import { analyseLogql } from "../../logql/index.js";
import { logqlParts } from "../../logql/parts.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import type { QueryFinding } from "../queries.js";
import { groupedWithoutEnd, unbounded } from "./promql-cardinality.js";
import { contradiction } from "./promql-impossible.js";
import { judgeMatcher } from "./promql-regexp.js";

/** LogQL that Loki takes, and that doesn't say what was meant. */
export const logqlMeaning: RuleCheck = {
  id: "logql-meaning",
  severity: "warning",
  run: ({ files }) =>
    rulesOf(files).flatMap((rule) =>
      rule.group.language === "logql"
        ? [...findings(rule)].map(
            ({ at, ...finding }): Problem => ({
              id: "logql-meaning",
              severity: "warning",
              ...finding,
              place: placeIn(rule.group.file, rule.expr, at.from),
            }),
          )
        : [],
    ),
};

function* findings(rule: Rule): Generator<QueryFinding> {
  const expr = rule.expr.value;
  const { tree, errors, failures, type } = analyseLogql(expr);
  if (type !== "metric" || errors.length > 0 || failures.length > 0) return;
  const { selectors, filters, groupedBy, hasCondition } = logqlParts(tree, expr);
  // Variants aren't in the tree.
  if (selectors.length === 0) return;
  for (const matchers of selectors) {
    const finding = contradiction({ matchers });
    if (finding) yield finding;
  }
  for (const matcher of [...selectors.flat(), ...filters]) {
    const finding = judgeMatcher(matcher);
    if (finding) yield finding;
  }
  for (const label of groupedBy)
    if (unbounded.test(label.name)) yield { at: label, ...groupedWithoutEnd(label.name, rule) };
  if (rule.kind === "alert" && !hasCondition)
    yield {
      at: { from: 0, to: expr.length },
      what: `The alert "${rule.name.value}" has no condition.`,
      why: "It fires for every series that the query gives, whatever its value.",
      next: "Compare the value with a threshold, such as `> 0`.",
    };
}
