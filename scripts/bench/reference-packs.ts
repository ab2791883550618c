import { join } from "node:path";
import type { PackContext } from "../../stack/alerting/render-pack.js";
import { decideFacts } from "../../stack/facts.js";
import { loadDefinition } from "../../stack/load.js";
import { packageRoot } from "../../stack/package-root.js";
import { projectAt } from "../../stack/project.js";

/** The stack whose packs are measured: the reference stack, which has all packs that come with obs. */
export async function referencePacks(configFile = join(packageRoot, "obs.config.ts")): Promise<PackContext> {
  const project = projectAt(configFile);
  const { stack } = await loadDefinition(project);
  return { stack, facts: await decideFacts(stack, project, "compose") };
}
