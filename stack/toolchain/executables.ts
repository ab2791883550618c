import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** All executables on PATH (and then in further folders) that have one of the names, in the order a shell would look. */
export function findExecutables(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  furtherFolders: readonly string[] = [],
): string[] {
  const folders = [...(env.PATH ?? "").split(delimiter), ...furtherFolders];
  const endings = process.platform === "win32" ? [".exe"] : [""];
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    // An empty entry means the working directory: not a place to take a program from.
    if (folder === "") continue;
    for (const name of names) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (isExecutable(path)) found.push(path);
      }
    }
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
