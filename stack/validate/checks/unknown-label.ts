import { unknownAskedLabel, unknownLabels } from "../../catalog/judge.js";
import type { Check } from "../check.js";
import { inQuery } from "../dashboards/finding.js";
import { dashboardWorld } from "../dashboards/world.js";

/** A panel that matches or groups by a label that its series don't have. Rules have a check of the same name. */
export const unknownLabel: Check = {
  id: "unknown-label",
  async run(context) {
    const { dashboards, series, records } = await dashboardWorld(context);
    return dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        .flatMap((read) => {
          const asked = read.label && unknownAskedLabel(read.analysis, read.label, series, records);
          return [
            ...unknownLabels(read.analysis, series, records).map((finding) =>
              inQuery(context, "unknown-label", read, finding),
            ),
            ...(asked ? [inQuery(context, "unknown-label", { ...read, originalOf: (at) => at }, asked)] : []),
          ];
        }),
    );
  },
};
