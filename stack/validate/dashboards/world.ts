import { loadCatalog } from "../../catalog/open.js";
import { type SeriesWorld, seriesWorld } from "../../catalog/world.js";
import type { CheckContext } from "../check.js";
import type { Problem } from "../problem.js";
import { ruleFilesOf } from "../rule-files.js";
import type { DashboardQuery, Json } from "./dashboard.js";
import { type ReadQuery, readPromql } from "./promql.js";
import { queriesOf } from "./queries.js";

/** The dashboards of a definition with all that their queries are held against. */
export interface DashboardWorld {
  series: SeriesWorld;
  /** Names that the project's recording rules write. */
  records: ReadonlySet<string>;
  /** The queries of each dashboard, those in PromQL already read, those in other languages as they are written. */
  dashboards: { dashboard: Json; queries: ReadQuery[]; others: DashboardQuery[] }[];
  /** What is wrong with the project's recordings. */
  problems: Problem[];
}

const worlds = new WeakMap<CheckContext, Promise<DashboardWorld>>();

/** Reads them once for all checks of a run. */
export function dashboardWorld(context: CheckContext): Promise<DashboardWorld> {
  let world = worlds.get(context);
  if (!world) {
    world = readWorld(context);
    worlds.set(context, world);
  }
  return world;
}

async function readWorld({ input }: CheckContext): Promise<DashboardWorld> {
  const { project, stack, facts } = input;
  const [{ catalog, problems }, { recordsOf }, files] = await Promise.all([
    loadCatalog(project),
    import("../../rules/known-series.js"),
    ruleFilesOf(input),
  ]);
  return {
    series: seriesWorld({ stack, facts }, catalog),
    records: recordsOf(files),
    dashboards: stack.dashboards.map((dashboard) => {
      const queries = queriesOf(dashboard, facts.traces.backend);
      return {
        dashboard,
        queries: queries
          .filter(({ language }) => language === "promql")
          .flatMap((query) => readPromql(query, dashboard) ?? []),
        others: queries.filter(({ language }) => language !== undefined && language !== "promql"),
      };
    }),
    problems,
  };
}
