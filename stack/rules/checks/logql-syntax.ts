import { analyseLogql } from "../../logql/index.js";
import { analyse } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";
import { notJudged } from "./promql-syntax.js";

/** Queries that Loki refuses, and ones that it takes and that fail at every evaluation. */
export const logqlSyntax: RuleCheck = {
  id: "logql-syntax",
  severity: "error",
  run({ files }) {
    const problems: Problem[] = [];
    for (const rule of rulesOf(files)) {
      if (rule.group.language !== "logql" || rule.expr.value === "") continue;
      const { errors, failures } = analyseLogql(rule.expr.value);
      const refused = errors.some((error) => error.id !== "too-deep");
      if (refused && analyse(rule.expr.value).errors.length === 0) {
        problems.push({
          id: "logql-syntax",
          severity: "error",
          what: `The query of "${rule.name.value}" is PromQL, in a file for Loki's ruler.`,
          why: "A file is Loki's when any of its queries is LogQL, or its path says loki; the ruler refuses all of it for this one.",
          next: "Move the rule to a file of its own, or say what the file is for in a line of it: `# obs: promql`.",
          place: placeIn(rule.group.file, rule.expr),
        });
        continue;
      }
      for (const { id, message, why, next, from } of [...errors, ...failures]) {
        const place = placeIn(rule.group.file, rule.expr, from);
        problems.push(
          id === "too-deep"
            ? notJudged("logql-syntax", rule.name.value, { message, next, place })
            : {
                id: "logql-syntax",
                severity: "error",
                what: `The query of "${rule.name.value}" ${errors.length > 0 ? "is not valid" : "fails when it runs"}: ${message}.`,
                why,
                next,
                place,
              },
        );
      }
    }
    return problems;
  },
};
