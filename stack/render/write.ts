import { mkdir, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Artefact } from "./artefact.js";

/** How generated files differ from what lies in their folder; paths relative to it. */
export interface Difference {
  added: string[];
  changed: string[];
  /** Files of former generations that are no longer part of it. */
  stale: string[];
}

/** Compares artefacts with the folder that holds them. A missing folder counts as empty. */
export async function compareArtefacts(folder: string, artefacts: readonly Artefact[]): Promise<Difference> {
  const present = await filesBelow(folder);
  const wanted = new Map(artefacts.map((artefact) => [artefact.path, artefact.text]));
  const added: string[] = [];
  const changed: string[] = [];
  await Promise.all(
    [...wanted].map(async ([path, text]) => {
      if (!present.has(path)) added.push(path);
      else if ((await readFile(join(folder, path), "utf8")) !== text) changed.push(path);
    }),
  );
  const stale = [...present].filter((path) => !wanted.has(path));
  return { added: added.sort(), changed: changed.sort(), stale: stale.sort() };
}

/**
 * Makes a folder hold exactly the artefacts: writes what differs (a temporary file renamed, so that nobody reads a
 * half-written one), removes what is stale. The folder itself stays the same, because containers have it mounted.
 */
export async function writeArtefacts(folder: string, artefacts: readonly Artefact[]): Promise<Difference> {
  const difference = await compareArtefacts(folder, artefacts);
  const toWrite = new Set([...difference.added, ...difference.changed]);
  await Promise.all(
    artefacts
      .filter((artefact) => toWrite.has(artefact.path))
      .map(async (artefact) => {
        const file = join(folder, artefact.path);
        await mkdir(dirname(file), { recursive: true });
        await writeFileAtomic(file, artefact.text, { fsync: false });
      }),
  );
  for (const path of difference.stale) {
    await rm(join(folder, path), { force: true });
    await removeEmptyFolders(dirname(join(folder, path)), folder);
  }
  return difference;
}

async function filesBelow(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name))),
  );
}

/** Removes a folder and its parents while they are empty, but never a service's own folder: it may be mounted. */
async function removeEmptyFolders(from: string, until: string): Promise<void> {
  for (let folder = from; relative(until, folder).includes("/"); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}
