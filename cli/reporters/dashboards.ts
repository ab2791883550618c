import pc from "picocolors";
import type { DashboardSummary } from "../../dashboards/summary.js";
import type { Problem } from "../../stack/validate/problem.js";
import { columns } from "./table.js";

/** One line a dashboard. */
export function formatDashboards(
  dashboards: readonly (DashboardSummary & { problems: readonly Problem[] })[],
  { color }: { color: boolean },
): string {
  if (dashboards.length === 0) return "The definition has no dashboards.";
  const { bold, dim, green, red, yellow } = pc.createColors(color);
  const worst = (problems: readonly Problem[]) => {
    if (problems.length === 0) return green("fine");
    const isBad = problems.some(({ severity }) => severity === "error");
    return (isBad ? red : yellow)(`${problems.length} ${problems.length === 1 ? "finding" : "findings"}`);
  };
  const rows = dashboards.map(({ uid, title, panels, tags, dataSources, problems }) => [
    bold(uid),
    title,
    `${panels} ${panels === 1 ? "panel" : "panels"}`,
    dim(dataSources.join(", ")),
    dim(tags.join(", ")),
    worst(problems),
  ]);
  return columns(rows);
}
