import { declaredMetrics } from "../../catalog/judge.js";
import { firstFew } from "../../validate/first-few.js";
import type { Place, Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { judgedQueries } from "../known-series.js";

/**
 * Rules may be written ahead of what produces their metrics; then they can't give a result yet. One notice a file, and one
 * for all typed packs: those that come with obs share most of these metrics.
 */
export const declaredMetric: RuleCheck = {
  id: "declared-metric",
  severity: "notice",
  run(context) {
    const files = new Map<string, { place: Place; metrics: Set<string> }>();
    for (const { rule, analysis, world, records } of judgedQueries(context)) {
      for (const { series, at } of declaredMetrics(analysis, world, records)) {
        const { file } = rule.group;
        const key = file.kind === "typed" ? "typed" : file.path;
        const entry = files.get(key) ?? { place: placeIn(file, rule.expr, at), metrics: new Set() };
        entry.metrics.add(series.metric);
        files.set(key, entry);
      }
    }
    return [...files.values()].map(
      ({ place, metrics }): Problem => ({
        id: "declared-metric",
        severity: "notice",
        what: `Nothing produces ${firstFew([...metrics].sort())} yet.`,
        why: "Name, type and labels are agreed on; until the part that produces it is there, these rules give no result.",
        place,
      }),
    );
  },
};
