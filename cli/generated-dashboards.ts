import type { PreviewProblem } from "../dashboards/preview/api.js";
import type { Project } from "../stack/project.js";
import type { Json } from "../stack/validate/dashboards/dashboard.js";
import { ProblemError } from "../stack/validate/problem.js";

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
export async function ofUids(dashboards: readonly Json[], uids: readonly string[]): Promise<Json[]> {
  const { didYouMean } = await import("../stack/validate/suggest.js");
  const known = dashboards.map(({ uid }) => String(uid));
  const unknown = uids.filter((uid) => !known.includes(uid));
  if (unknown.length > 0)
    throw new ProblemError(
      unknown.map((uid) => {
        const meant = didYouMean(uid, known);
        return {
          id: "no-dashboard",
          severity: "error",
          what: `The definition has no dashboard "${uid}".`,
          next: meant ? `Did you mean "${meant}"?` : "`obs dashboards list` names all of them.",
        };
      }),
    );
  return uids.length === 0 ? [...dashboards] : dashboards.filter(({ uid }) => uids.includes(String(uid)));
}
