import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { ProblemError } from "./validate/problem.js";

/**
 * Writes what was made for a project into it, each file whole or not at all. Throws a ProblemError, and has written nothing, where
 * a file is there already with something else in it, unless `force`. `id`: of that finding.
 */
export async function placeImported(
  root: string,
  files: readonly { path: string; text: string }[],
  { force, id }: { force: boolean; id: string },
): Promise<void> {
  const taken = files.filter(({ path, text }) => {
    const file = join(root, path);
    return !force && existsSync(file) && readFileSync(file, "utf8") !== text;
  });
  if (taken.length > 0) {
    throw new ProblemError(
      taken.map(({ path }) => ({
        id,
        severity: "error",
        what: `${path} is there already.`,
        why: "It may hold edits of yours. Nothing was written.",
        next: "Look at what would be written with --stdout; --force overwrites it.",
        place: { file: path },
      })),
    );
  }
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFileAtomic(join(root, path), text, { fsync: false });
  }
}
