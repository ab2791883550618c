import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { packageRoot } from "../package-root.js";

/** A file of the page. */
export interface Asset {
  content: Buffer;
  type: string;
}

/** The page as it was built. */
export const pageFolder = join(packageRoot, "dist", "dashboards", "preview", "page");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".json": "application/json",
  ".map": "application/json",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * A file of the page by its path there; undefined where the page has no such file. Only what the folder lists is read, so
 * that no path leads out of it.
 */
export async function pageFile(path: string, folder = pageFolder): Promise<Asset | undefined> {
  const listed = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const file = path.split("/").join(sep);
  const type = types[extname(file)];
  if (type === undefined || !listed.includes(file)) return undefined;
  return { content: await readFile(join(folder, file)), type };
}
