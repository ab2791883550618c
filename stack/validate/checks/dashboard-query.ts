import { atKey, type Check } from "../check.js";
import { excerpt } from "../dashboards/promql.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

/** A query that Prometheus refuses leaves an error in place of the panel. */
export const dashboardQuery: Check = {
  id: "dashboard-query",
  async run(context) {
    const { dashboards } = await dashboardWorld(context);
    return dashboards.flatMap(({ queries }) =>
      queries.flatMap(({ query, analysis, originalOf }): Problem[] => {
        // The first one; what comes behind it mostly follows from it.
        const error = analysis.errors[0];
        if (!error) return [];
        return [
          {
            id: "dashboard-query",
            severity: "error",
            what: `The query of ${query.of} is not valid PromQL: ${error.message}.`.replace(/\.\.$/, "."),
            place: atKey(context, query.keyPath),
            output: excerpt(query.text, originalOf(error.from)),
          },
        ];
      }),
    );
  },
};
