import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { packageRoot } from "../../package-root.js";
import type { Project } from "../../project.js";
import type { Artefact } from "../../render/artefact.js";
import { programsFolder } from "../../render/compose.js";
import { compareArtefacts, writeArtefacts } from "../../render/write.js";
import { services } from "../../services/index.js";
import type { ServiceName } from "../../services/service.js";

/** Lays the programs of obs itself where the containers of these services find them. */
export async function placePrograms(project: Project, names: readonly ServiceName[]): Promise<void> {
  for (const name of names) {
    const { bundle } = services[name];
    if (bundle === undefined) continue;
    const folder = join(project.root, programsFolder, name);
    const file = join(folder, "main.js");
    const wanted = await readFile(join(packageRoot, "dist", bundle));
    const present = await readFile(file).catch(() => undefined);
    if (present?.equals(wanted)) continue;
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(file, wanted, { mode: 0o444 });
    await letOthersRead(folder);
  }
}

/** The files that Compose and the containers read. */
export interface PlacedFiles {
  composeFile: string;
  artefacts: readonly Artefact[];
}

/** Whether exactly these files lie in the project. */
export async function isPlaced(project: Project, files: PlacedFiles): Promise<boolean> {
  const [compose, { added, changed, stale }] = await Promise.all([
    readFile(project.composeFile, "utf8").catch(() => undefined),
    compareArtefacts(project.generatedDir, files.artefacts),
  ]);
  return compose === files.composeFile && added.length + changed.length + stale.length === 0;
}

/**
 * Puts the files into the project, writing only what differs, and lets the users inside the containers read them,
 * whatever the umask they were checked out or written with.
 */
export async function place(project: Project, files: PlacedFiles): Promise<void> {
  await writeArtefacts(project.generatedDir, files.artefacts);
  const present = await readFile(project.composeFile, "utf8").catch(() => undefined);
  if (present !== files.composeFile)
    await writeFileAtomic(project.composeFile, files.composeFile, { fsync: false });
  const paths = new Set<string>();
  for (const { path } of files.artefacts) {
    for (let at = path; at !== "."; at = dirname(at)) paths.add(join(project.generatedDir, at));
  }
  await Promise.all([...paths].map(letOthersRead));
}

async function letOthersRead(path: string): Promise<void> {
  const { mode } = await stat(path);
  const wanted = mode | 0o444 | (mode & 0o040000 ? 0o111 : 0);
  // Somebody else's file can't be changed; if its program can't read it, the program will say so.
  if (wanted !== mode) await chmod(path, wanted & 0o7777).catch(() => undefined);
}
