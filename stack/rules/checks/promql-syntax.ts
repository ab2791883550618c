import { analyse } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";

/** Queries that Prometheus refuses, and ones whose result no rule can use. */
export const promqlSyntax: RuleCheck = {
  id: "promql-syntax",
  severity: "error",
  run({ files }) {
    const problems: Problem[] = [];
    for (const rule of rulesOf(files)) {
      // A rule without a query is left to the checks of the shape.
      if (rule.group.language !== "promql" || rule.expr.value === "") continue;
      const { errors, type } = analyse(rule.expr.value);
      const file = rule.group.file;
      for (const { id, message, why, next, from } of errors) {
        const place = placeIn(file, rule.expr, from);
        problems.push(
          id === "too-deep"
            ? notJudged("promql-syntax", rule.name.value, { message, next, place })
            : {
                id: "promql-syntax",
                severity: "error",
                what: `The query of "${rule.name.value}" is not valid: ${message}.`,
                why,
                next,
                place,
              },
        );
      }
      if (errors.length === 0 && (type === "matrix" || type === "string"))
        problems.push({
          id: "promql-syntax",
          severity: "error",
          what: `The query of "${rule.name.value}" gives ${type === "matrix" ? "a range vector" : "a text"}, which no rule can use.`,
          why: "Prometheus loads it, and every evaluation fails.",
          next:
            type === "matrix" ? "Put a function around it, such as `rate` or `max_over_time`." : undefined,
          place: placeIn(file, rule.expr),
        });
    }
    return problems;
  },
};

/** What is said of a query that is too deep for obs, but maybe not for whoever runs it. */
export function notJudged(
  id: string,
  name: string,
  { message, next, place }: { message: string } & Pick<Problem, "next" | "place">,
): Problem {
  return {
    id,
    severity: "notice",
    what: `The query of "${name}" could not be judged: ${message}.`,
    why: "The program that runs it has no such limit.",
    next,
    place,
  };
}
