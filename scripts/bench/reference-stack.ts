import { join } from "node:path";
import type { PackContext } from "../../stack/alerting/render-pack.js";
import { decideFacts } from "../../stack/facts.js";
import { loadDefinition } from "../../stack/load.js";
import { packageRoot } from "../../stack/package-root.js";
import { type Project, projectAt } from "../../stack/project.js";

/** The stack whose packs are measured: the reference stack, which has all that come with obs. */
export async function referenceStack(
  configFile = join(packageRoot, "obs.config.ts"),
): Promise<{ project: Project; context: PackContext }> {
  const project = projectAt(configFile);
  const { stack } = await loadDefinition(project);
  return { project, context: { stack, facts: await decideFacts(stack, project, "compose") } };
}
