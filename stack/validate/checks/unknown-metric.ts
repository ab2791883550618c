import { unknownMetrics } from "../../catalog/judge.js";
import type { Check } from "../check.js";
import { inQuery } from "../dashboards/finding.js";
import { dashboardWorld } from "../dashboards/world.js";

/** A panel over a metric that nothing produces stays empty. Rules have a check of the same name. */
export const unknownMetric: Check = {
  id: "unknown-metric",
  async run(context) {
    const { dashboards, series, records } = await dashboardWorld(context);
    return dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        .flatMap((read) =>
          unknownMetrics(read.analysis, series, records).map((finding) =>
            inQuery(context, "unknown-metric", read, finding),
          ),
        ),
    );
  },
};
