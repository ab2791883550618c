import {
  chmod,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { NewFile } from "./files.js";

/** A file that is to be made was there already. */
export class FileExists extends Error {
  override name = "FileExists";
  constructor(readonly path: string) {
    super(`${path} exists`);
  }
}

/** Those of the paths that exist in the folder, as whatever. */
export async function existing(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      lstat(join(folder, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, at) => found[at]);
}

/**
 * Makes all files, or none: they are written aside first, then put in place; a folder that didn't exist appears whole.
 * Never overwrites: throws {@link FileExists} when somebody was faster. What fails is undone.
 */
export async function placeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  const isNew = (await existing(folder, ["."])).length === 0;
  const parent = isNew ? dirname(folder) : folder;
  const missing = isNew ? await firstMissing(parent) : undefined;
  await mkdir(parent, { recursive: true });
  const aside = await mkdtemp(join(parent, `.${basename(folder)}.obs-init-`));
  try {
    for (const { path, text, mode } of files) {
      await mkdir(dirname(join(aside, path)), { recursive: true });
      await writeFile(join(aside, path), text, { mode: mode ?? 0o644 });
    }
    if (isNew) {
      await chmodLikeMkdir(aside);
      await rename(aside, folder);
    } else await moveEach(aside, folder, files);
  } catch (error) {
    if (missing) await rm(missing, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function moveEach(aside: string, folder: string, files: readonly NewFile[]): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { path } of files) {
      const target = join(folder, path);
      const made = await mkdir(dirname(target), { recursive: true });
      if (made) undo.push(() => rm(made, { recursive: true }));
      await putNew(join(aside, path), target, path);
      undo.push(() => rm(target));
    }
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

/** A second name for the written file appears at once and whole, and never over another; a copy where links can't be made. */
async function putNew(source: string, target: string, shown: string): Promise<void> {
  try {
    await link(source, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      await copyFile(source, target, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new FileExists(shown);
    throw error;
  }
}

/** mkdtemp closes its folder to others; a project folder has the usual permissions. */
async function chmodLikeMkdir(path: string): Promise<void> {
  await chmod(path, 0o777 & ~process.umask());
}

/** The topmost of the folders that `mkdir -p` would make. */
async function firstMissing(folder: string): Promise<string | undefined> {
  if ((await existing(folder, ["."])).length > 0) return undefined;
  return (await firstMissing(dirname(folder))) ?? folder;
}
