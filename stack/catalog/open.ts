import type { Project } from "../project.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import { type Catalog, makeCatalog } from "./catalog.js";
import { ownRecordings, projectRecordings } from "./files.js";

let own: ReturnType<typeof ownRecordings> | undefined;

/**
 * The catalogue of the stack's own programs, and of what the project recorded or declared in its catalog/ folder; the
 * problems are those of files there that can't be used.
 */
export async function loadCatalog(project?: Project): Promise<{ catalog: Catalog; problems: Problem[] }> {
  own ??= ownRecordings();
  const users = project ? await projectRecordings(project) : { recordings: [], problems: [] };
  return { catalog: makeCatalog([...users.recordings, ...own]), problems: users.problems };
}

/** The catalogue of the project that `project` gives; without one, that of the stack's own programs alone. */
export async function openCatalog(
  project: () => Promise<Project>,
): Promise<{ catalog: Catalog; problems: Problem[] }> {
  try {
    return await loadCatalog(await project());
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every(({ id }) => id === "no-project"))
      return loadCatalog();
    throw error;
  }
}

/** What to say when nobody exposes a metric. */
export function noSuchMetric(name: string, catalog: Catalog): Problem {
  const meant = catalog.suggest(name);
  return {
    id: "catalog-unknown-metric",
    severity: "error",
    what: `Nothing known exposes ${name}.`,
    next: meant
      ? `Did you mean ${meant}?`
      : "`obs catalog list` shows all; record those of your own programs with `obs catalog record`.",
  };
}
