import type { PreviewProblem } from "../dashboards/preview/api.js";
import type { Project } from "../stack/project.js";
import type { Json } from "../stack/validate/dashboards/dashboard.js";
import { ProblemError } from "../stack/validate/problem.js";
import { didYouMean } from "../stack/validate/suggest.js";

/** The dashboards of a project as Grafana gets them. Throws a ProblemError where the definition can't be read. */
export async function generatedOf(
  project: Project,
): Promise<{ dashboards: Json[]; problems: PreviewProblem[] }> {
  const { generateDashboards } = await import("../stack/preview/generate.js");
  const { generated, problems } = await generateDashboards(project, "compose");
  if (!generated) throw new ProblemError(problems);
  return { dashboards: generated.dashboards.map(({ json }) => JSON.parse(json) as Json), problems };
}

/** Those of some uids, all when none is named. Throws a ProblemError for a uid that there isn't. */
export function ofUids(dashboards: readonly Json[], uids: readonly string[]): Json[] {
  const known = dashboards.map(({ uid }) => String(uid));
  const unknown = uids.find((uid) => !known.includes(uid));
  if (unknown !== undefined) throw noDashboard(unknown, known);
  return uids.length === 0 ? [...dashboards] : dashboards.filter(({ uid }) => uids.includes(String(uid)));
}

/** A uid that nothing has. */
export function noDashboard(uid: string, known: readonly string[]): ProblemError {
  const meant = didYouMean(uid, known);
  return new ProblemError([
    {
      id: "no-dashboard",
      severity: "error",
      what: `There is no dashboard "${uid}".`,
      next: meant ? `Did you mean "${meant}"?` : "`obs dashboards list` names all of them.",
    },
  ]);
}
