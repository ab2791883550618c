import { analyseLogql } from "../../logql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";

/** Queries that Loki refuses, and ones that it takes and that fail at every evaluation. */
export const logqlSyntax: RuleCheck = {
  id: "logql-syntax",
  severity: "error",
  run({ files }) {
    const problems: Problem[] = [];
    for (const rule of rulesOf(files)) {
      if (rule.group.language !== "logql" || rule.expr.value === "") continue;
      const { errors, failures } = analyseLogql(rule.expr.value);
      for (const { message, why, next, from } of [...errors, ...failures])
        problems.push({
          id: "logql-syntax",
          severity: "error",
          what: `The query of "${rule.name.value}" ${errors.length > 0 ? "is not valid" : "fails when it runs"}: ${message}.`,
          why,
          next,
          place: placeIn(rule.group.file, rule.expr, from),
        });
    }
    return problems;
  },
};
