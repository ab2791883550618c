import { unknownMetrics } from "../../catalog/judge.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { dashboardPath } from "../dashboards/dashboard.js";
import { inQuery } from "../dashboards/finding.js";
import { type DashboardWorld, dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

/** A panel over a metric that nothing produces stays empty. Rules have a check of the same name. */
export const unknownMetric: Check = {
  id: "unknown-metric",
  async run(context) {
    const { dashboards, series, records } = await dashboardWorld(context);
    const awaited = awaitedOfSlos(dashboards, records);
    const known = new Set([...records, ...awaited.flatMap(({ metrics }) => metrics)]);
    const unknown = dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        .flatMap((read) =>
          unknownMetrics(read.analysis, series, known).map((finding) =>
            inQuery(context, "unknown-metric", read, finding),
          ),
        ),
    );
    return [...unknown, ...withoutSlos(context, awaited)];
  },
};

type Awaited = { dashboard: DashboardWorld["dashboards"][number]["dashboard"]; metrics: string[] }[];

/** What dashboards ask of SLOs, where none is declared; then all of it is missing for one reason. */
function awaitedOfSlos(dashboards: DashboardWorld["dashboards"], records: ReadonlySet<string>): Awaited {
  const isOfSlos = (name: string) => name.startsWith("slo:");
  if ([...records].some(isOfSlos)) return [];
  return dashboards.flatMap(({ dashboard, queries }) => {
    const selected = queries.flatMap(({ analysis }) => analysis.selectors.map(({ metric = "" }) => metric));
    const metrics = [...new Set(selected.filter(isOfSlos))];
    return metrics.length > 0 ? [{ dashboard, metrics }] : [];
  });
}

function withoutSlos(context: CheckContext, awaited: Awaited): Problem[] {
  const [first] = awaited;
  if (!first) return [];
  const titles = awaited.map(({ dashboard }) => `"${String(dashboard.title)}"`).join(", ");
  return [
    {
      id: "unknown-metric",
      severity: "notice",
      what: `There are no SLOs: panels about them stay empty, on ${titles}.`,
      next: "Declare some with `slo(...)` in `alerting.packs`, or leave `sloDashboards()` out.",
      place: atKey(context, dashboardPath(first.dashboard)),
    },
  ];
}
