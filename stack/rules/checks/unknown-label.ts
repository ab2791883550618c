import { unknownLabels } from "../../catalog/judge.js";
import { placeIn, type RuleCheck } from "../check.js";
import { judgedQueries } from "../known-series.js";

/** A rule that matches or groups by a label that its series don't have. */
export const unknownLabel: RuleCheck = {
  id: "unknown-label",
  severity: "error",
  run(context) {
    return [...judgedQueries(context)].flatMap(({ rule, analysis, world, records }) =>
      unknownLabels(analysis, world, records).map(({ at, ...finding }) => ({
        id: "unknown-label",
        ...finding,
        place: placeIn(rule.group.file, rule.expr, at),
      })),
    );
  },
};
