import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Project, projectAt } from "../../stack/project.js";

/** A project folder for the length of one test; nothing is started in it. */
export interface TemporaryProject {
  project: Project;
  folder: string;
  /** Writes files by their path in the folder, which may lie in new folders; `.env` with mode 0600. */
  write(files: Record<string, string>): Promise<void>;
}

/** Makes a project from files, hands it to `use`, and removes it again. */
export async function withProject(
  files: Record<string, string>,
  use: (project: TemporaryProject) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "obs-project-")));
  const write = async (more: Record<string, string>) => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { mode: path === ".env" ? 0o600 : 0o644 });
    }
  };
  try {
    await write(files);
    await use({ project: projectAt(join(folder, "obs.config.ts")), folder, write });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Source of an `obs.config.ts` whose definition is the given TypeScript expression. */
export function config(definition: string): string {
  return `import { defineStack, secret } from "obs-stack";\n\nexport default defineStack(${definition});\n`;
}
