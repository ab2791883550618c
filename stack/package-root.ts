import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Folder of the installed package: where package.json and the Go tool modules lie.
 * Found by walking up, because this file runs both from `stack/` (tests) and from `dist/stack/`.
 */
export const packageRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOurs(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("obs-stack is not inside its package folder");
    folder = parent;
  }
  return folder;
})();

/** Version of this package, as in package.json. */
export const packageVersion: string = (
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }
).version;

function isOurs(file: string): boolean {
  return (
    existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "obs-stack"
  );
}
