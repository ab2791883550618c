import type { QueryError } from "../../promql/index.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { DashboardQuery, Json } from "../dashboards/dashboard.js";
import { excerpt } from "../dashboards/promql.js";
import { fillings } from "../dashboards/variables.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

/** A query that Prometheus or Loki refuses leaves an error in place of the panel. */
export const dashboardQuery: Check = {
  id: "dashboard-query",
  async run(context) {
    const { dashboards } = await dashboardWorld(context);
    const metrics = dashboards.flatMap(({ queries }) =>
      queries.flatMap(({ query, analysis, originalOf }) => {
        // The first one; what comes behind it mostly follows from it.
        const [error] = analysis.errors;
        return error ? [faulty(context, query, "PromQL", error, originalOf(error.from))] : [];
      }),
    );
    return [...metrics, ...(await faultyLogQueries(context, dashboards))];
  },
};

async function faultyLogQueries(
  context: CheckContext,
  dashboards: readonly { dashboard: Json; logQueries: DashboardQuery[] }[],
): Promise<Problem[]> {
  if (dashboards.every(({ logQueries }) => logQueries.length === 0)) return [];
  const { analyseLogql } = await import("../../logql/index.js");
  return dashboards.flatMap(({ dashboard, logQueries }) =>
    logQueries
      // Grafana reads these itself; what is within braces is a stream selector, hardly ever wrong.
      .filter(({ kind, text }) => kind !== "variable" || !/^\s*label_(?:values|names)\s*\(/.test(text))
      .flatMap((query) => {
        const read = fillings(query.text, dashboard).map(({ text, originalOf }) => ({
          errors: analyseLogql(text).errors,
          originalOf,
        }));
        if (read.some(({ errors }) => errors.length === 0)) return [];
        const [error] = read[0]!.errors;
        return [faulty(context, query, "LogQL", error!, read[0]!.originalOf(error!.from))];
      }),
  );
}

function faulty(
  context: CheckContext,
  query: DashboardQuery,
  language: string,
  { message }: QueryError,
  at: number,
): Problem {
  return {
    id: "dashboard-query",
    severity: "error",
    what: `The query of ${query.of} is not valid ${language}: ${message.replace(/\.$/, "")}.`,
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, at),
  };
}
