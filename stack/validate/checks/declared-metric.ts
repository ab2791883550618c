import { declaredMetrics } from "../../catalog/judge.js";
import { atKey, type Check } from "../check.js";
import { dashboardPath } from "../dashboards/dashboard.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

/** Panels over metrics that are agreed on, but that nothing produces yet: one notice a dashboard. Rules have the same. */
export const declaredMetric: Check = {
  id: "declared-metric",
  async run(context) {
    const { dashboards, series, records } = await dashboardWorld(context);
    return dashboards.flatMap(({ dashboard, queries }): Problem[] => {
      const names = new Set(
        queries.flatMap(({ analysis }) =>
          declaredMetrics(analysis, series, records).map((each) => each.series.metric),
        ),
      );
      if (names.size === 0) return [];
      return [
        {
          id: "declared-metric",
          severity: "notice",
          what: `Nothing produces ${[...names].sort().join(", ")} yet.`,
          why: "Name, type and labels are agreed on; until the part that produces it is there, its panels stay empty.",
          place: atKey(context, dashboardPath(dashboard)),
        },
      ];
    });
  },
};
