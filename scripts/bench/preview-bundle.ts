import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pageFolder } from "../../stack/preview/assets.js";
import type { Figure } from "./figure.js";

/** All scripts of the preview's page, each compressed as a server would send it. */
export const previewBundle: Figure = {
  id: "preview-bundle",
  title: "preview: all scripts of its page, gzip",
  unit: "KB",
  must: { atMost: 900 },
  async measure() {
    const files = await readdir(pageFolder, { recursive: true });
    const scripts = files.filter((file) => extname(file) === ".js");
    const sizes = await Promise.all(
      scripts.map(async (file) => (await promisify(gzip)(await readFile(join(pageFolder, file)))).length),
    );
    const sum = sizes.reduce((total, size) => total + size, 0);
    return { values: [sum / 1000], note: `${scripts.length} files` };
  },
};
