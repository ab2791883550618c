import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Project } from "./project.js";
import type { Rendered } from "./render/rendered.js";
import { compareArtefacts, writeArtefacts } from "./render/write.js";

/** A generated file that differs from what the definition gives. */
export interface GeneratedChange {
  /** Relative to the project folder. */
  path: string;
  change: "added" | "changed" | "removed";
  /** What lies there, and what should; undefined where there is, or should be, no file. */
  before?: string;
  after?: string;
}

/** How the committed files of a project differ from what its definition gives under Compose; writes nothing. */
export async function compareGenerated(project: Project, rendered: Rendered): Promise<GeneratedChange[]> {
  const wanted = new Map(rendered.artefacts.map((artefact) => [artefact.path, artefact.text]));
  const { added, changed, stale } = await compareArtefacts(project.generatedDir, rendered.artefacts);
  const shown = (path: string) => relative(project.root, join(project.generatedDir, path));
  const read = (path: string) => readFile(join(project.generatedDir, path), "utf8");
  const compose = await textOf(project.composeFile);
  const composePath = relative(project.root, project.composeFile);
  const after = rendered.composeFile;
  return [
    ...(after === undefined || compose === after
      ? []
      : [
          {
            path: composePath,
            change: compose === undefined ? "added" : "changed",
            before: compose,
            after,
          } as const,
        ]),
    ...added.map((path) => ({ path: shown(path), change: "added", after: wanted.get(path) }) as const),
    ...(await Promise.all(
      changed.map(
        async (path) =>
          ({
            path: shown(path),
            change: "changed",
            before: await read(path),
            after: wanted.get(path),
          }) as const,
      ),
    )),
    ...(await Promise.all(
      stale.map(
        async (path) => ({ path: shown(path), change: "removed", before: await read(path) }) as const,
      ),
    )),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the committed files of a project what its definition gives; touches only files that differ. */
export async function writeGenerated(project: Project, rendered: Rendered): Promise<GeneratedChange[]> {
  const changes = await compareGenerated(project, rendered);
  await writeArtefacts(project.generatedDir, rendered.artefacts);
  const compose = changes.find(({ path }) => path === relative(project.root, project.composeFile));
  if (compose?.after !== undefined)
    await writeFileAtomic(project.composeFile, compose.after, { fsync: false });
  return changes;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
