import type { Stack } from "../define.js";
import { decideFacts } from "../facts.js";
import type { Project } from "../project.js";
import type { RenderInput } from "../render/render.js";
import type { Problem } from "../validate/problem.js";
import { loadCatalog } from "./open.js";
import { type SeriesWorld, seriesWorld } from "./world.js";

/** Which series there are in the stack of a definition on its way to a runtime. */
export async function worldOf({ project, stack, facts }: RenderInput): Promise<SeriesWorld> {
  const { catalog } = await loadCatalog(project);
  return seriesWorld({ stack, facts }, catalog);
}

/** Which series there are in a project's stack, as it would be under Compose; and what is wrong with its recordings. */
export async function loadWorld(
  project: Project,
  stack: Stack,
): Promise<{ world: SeriesWorld; problems: Problem[] }> {
  const [{ catalog, problems }, facts] = await Promise.all([
    loadCatalog(project),
    decideFacts(stack, project, "compose"),
  ]);
  return { world: seriesWorld({ stack, facts }, catalog), problems };
}
