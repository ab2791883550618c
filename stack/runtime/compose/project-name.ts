import { readFile } from "node:fs/promises";
import type { Project } from "../../project.js";
import { readApplied } from "./applied.js";
import { readComposeModel } from "./model.js";

/**
 * Name of the project's Compose project: what was brought up, else what docker-compose.yml says. Undefined where
 * there is neither: then nothing can be running.
 */
export async function projectName(project: Project): Promise<string | undefined> {
  const applied = await readApplied(project);
  if (applied) return applied.name;
  try {
    return readComposeModel(await readFile(project.composeFile, "utf8")).name || undefined;
  } catch {
    return undefined;
  }
}
