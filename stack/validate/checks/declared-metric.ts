import { declaredMetrics } from "../../catalog/judge.js";
import { atKey, type Check } from "../check.js";
import { dashboardPath } from "../dashboards/dashboard.js";
import { dashboardWorld } from "../dashboards/world.js";
import { firstFew } from "../first-few.js";
import type { Problem } from "../problem.js";

/**
 * Panels over metrics that are agreed on, but that nothing produces yet: one notice for all dashboards, at the first, for they
 * share most of these metrics. Rules have the same.
 */
export const declaredMetric: Check = {
  id: "declared-metric",
  async run(context) {
    const { dashboards, series, records } = await dashboardWorld(context);
    const waiting = dashboards.flatMap(({ dashboard, queries }) => {
      const names = queries.flatMap(({ analysis }) =>
        declaredMetrics(analysis, series, records).map((each) => each.series.metric),
      );
      return names.length > 0 ? [{ dashboard, names }] : [];
    });
    const [first] = waiting;
    if (!first) return [];
    const metrics = [...new Set(waiting.flatMap(({ names }) => names))].sort();
    const problem: Problem = {
      id: "declared-metric",
      severity: "notice",
      what: `Nothing produces ${firstFew(metrics)} yet.`,
      why:
        waiting.length > 1
          ? `Name, type and labels are agreed on; until the parts that produce them are there, panels of ${waiting.length} dashboards stay empty.`
          : "Name, type and labels are agreed on; until the part that produces it is there, its panels stay empty.",
      place: atKey(context, dashboardPath(first.dashboard)),
    };
    return [problem];
  },
};
