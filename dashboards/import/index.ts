/** START HERE: JSON of Grafana → TypeScript on dashboards/lib that gives it back. Pure; `obs dashboards import` writes the file. */
import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../../stack/validate/problem.js";
import { normalised, renumbered } from "./normalise.js";
import { finding, opened } from "./open.js";
import { type DashboardCode, written } from "./write.js";

export { normalised, renumbered } from "./normalise.js";
export { type DashboardCode, written } from "./write.js";

/** What became of a file. */
export interface ImportedDashboard {
  code: DashboardCode;
  problems: Problem[];
}

/** Translates an export of Grafana. Throws a ProblemError for what is no classic dashboard. */
export function importDashboard(text: string, file: string): ImportedDashboard {
  const { dashboard, problems } = opened(text, file);
  const told: Problem[] = [];
  const wanted = renumbered(
    normalised(dashboard, (what, why) => told.push(finding("notice", file, what, why ? { why } : {}))),
  );
  const code = written(wanted);
  return { code, problems: [...problems, ...told, ...lost(wanted, code, file)] };
}

/** Never so far: nothing is lost silently. */
function lost(wanted: object, { dashboard }: DashboardCode, file: string): Problem[] {
  return isDeepStrictEqual(renumbered(normalised(dashboard)), wanted)
    ? []
    : [
        finding("warning", file, "The dashboard that was written is not quite the same.", {
          next: "Compare them with `obs dashboards export`.",
        }),
      ];
}
