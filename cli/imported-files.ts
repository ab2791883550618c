import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rewritten } from "../dashboards/import/rewrite.js";
import { evaluateConfig } from "../stack/load/evaluate.js";
import type { Project } from "../stack/project.js";

/** A file of the project that `obs dashboards import` wrote, and nobody changed since. */
export interface ImportedFile {
  /** In the project. */
  path: string;
  exported: string;
  uid: string;
}

/** Finds them by what they are: written anew from what they make, they are the same. What doesn't run is none. */
export async function importedFiles(project: Project): Promise<ImportedFile[]> {
  const folder = "dashboards";
  const names = await readdir(join(project.root, folder)).catch(() => []);
  const found: ImportedFile[] = [];
  for (const name of names.filter((each) => each.endsWith(".ts") && !each.endsWith(".edits.ts"))) {
    const path = `${folder}/${name}`;
    const text = await readFile(join(project.root, path), "utf8");
    if (!text.includes("plainDashboard(")) continue;
    for (const [exported, value] of Object.entries(await exportsOf(project, path))) {
      const { uid } = (value ?? {}) as { uid?: unknown };
      if (typeof uid === "string" && rewritten(value as object, exported) === text)
        found.push({ path, exported, uid });
    }
  }
  return found;
}

async function exportsOf(project: Project, path: string): Promise<Record<string, unknown>> {
  try {
    return await evaluateConfig(project, join(project.root, path));
  } catch {
    return {};
  }
}

/** How code names a file that it imports. */
export function importPath(file: string): string {
  return file.replace(/\.ts$/, ".js");
}
