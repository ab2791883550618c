import { unknownMetrics } from "../../catalog/judge.js";
import { placeIn, type RuleCheck } from "../check.js";
import { judgedQueries } from "../known-series.js";

/** A rule over a metric that nothing produces never gives a result. */
export const unknownMetric: RuleCheck = {
  id: "unknown-metric",
  severity: "error",
  run(context) {
    return [...judgedQueries(context)].flatMap(({ rule, analysis, world, records }) =>
      unknownMetrics(analysis, world, records).map(({ at, ...finding }) => ({
        id: "unknown-metric",
        ...finding,
        place: placeIn(rule.group.file, rule.expr, at),
      })),
    );
  },
};
