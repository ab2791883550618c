import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** One file to be written (`after`) or removed (no `after`), and what was there before. */
export interface FileChange {
  /** Absolute path. */
  path: string;
  before?: string;
  after?: string;
}

/** What has to change so that a folder holds exactly these files (paths relative to it). Writes nothing. */
export async function planFiles(folder: string, files: ReadonlyMap<string, string>): Promise<FileChange[]> {
  const present = await filesUnder(folder);
  const changes = await Promise.all(
    [...new Set([...files.keys(), ...present])].sort().map(async (name): Promise<FileChange | undefined> => {
      const path = join(folder, name);
      const before = present.includes(name) ? await readFile(path, "utf8") : undefined;
      const after = files.get(name);
      return before === after ? undefined : { path, before, after };
    }),
  );
  return changes.filter((change) => change !== undefined);
}

/** Carries changes out, each in one step: a program that reads meanwhile sees the old or the new file. */
export async function applyFiles(changes: readonly FileChange[]): Promise<void> {
  for (const { path, after } of changes) await put(path, after);
}

/** Puts back what was there before. */
export async function revertFiles(changes: readonly FileChange[]): Promise<void> {
  for (const { path, before } of changes) await put(path, before);
}

async function put(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o600 });
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
