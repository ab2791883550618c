import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { ProblemError } from "../../validate/problem.js";
import type { SloFile } from "./import-slos.js";

/**
 * Writes imported SLOs into a project, each file whole or not at all. Throws a ProblemError, and has written nothing, where
 * a file is there already with something else in it, unless `force`.
 */
export async function placeSloFiles(
  root: string,
  files: readonly SloFile[],
  { force }: { force: boolean },
): Promise<void> {
  const taken = files.filter(({ path, text }) => {
    const file = join(root, path);
    return !force && existsSync(file) && readFileSync(file, "utf8") !== text;
  });
  if (taken.length > 0) {
    throw new ProblemError(
      taken.map(({ path }) => ({
        id: "slo-file-exists",
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
