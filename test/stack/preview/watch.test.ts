import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { watchFolder } from "../../../stack/preview/watch.js";
import { withProject } from "../../support/temporary-project.js";
import { waitFor } from "../../support/wait-for.js";

/** Watches a project with a folder or two for the length of `use`, which is given all files seen so far. */
async function watching(
  use: (project: { folder: string; seen: Set<string>; also: (file: string) => void }) => Promise<void>,
) {
  const files = {
    "obs.config.ts": "1",
    "dashboards/a.ts": "1",
    "node_modules/p/index.js": "1",
    ".obs/x": "1",
  };
  await withProject(files, async ({ folder }) => {
    const seen = new Set<string>();
    const watch = watchFolder(folder, (saved) => {
      for (const file of saved) seen.add(file.slice(folder.length + 1));
    });
    try {
      await use({ folder, seen, also: (file) => watch.also([join(folder, file)]) });
    } finally {
      watch.close();
    }
  });
}

test("a save is seen, wherever in the project it is, also when it replaces the file", () =>
  watching(async ({ folder, seen }) => {
    await writeFile(join(folder, "obs.config.ts"), "2");
    await writeFile(join(folder, "dashboards", ".a.tmp"), "2");
    await rename(join(folder, "dashboards", ".a.tmp"), join(folder, "dashboards", "a.ts"));
    await waitFor("both saves", () => seen.has("obs.config.ts") && seen.has("dashboards/a.ts"));
  }));

test("files of a folder that appears are seen, those that came with it and those that come later", () =>
  watching(async ({ folder, seen }) => {
    await mkdir(join(folder, "more", "deep"), { recursive: true });
    await writeFile(join(folder, "more", "deep", "b.ts"), "1");
    await waitFor("the new file", () => seen.has("more/deep/b.ts"));
    seen.clear();
    await writeFile(join(folder, "more", "deep", "b.ts"), "2");
    await waitFor("its change", () => seen.has("more/deep/b.ts"));
  }));

test("packages and hidden folders are left alone, but for what a definition reads there", () =>
  watching(async ({ folder, seen, also }) => {
    also("node_modules/p/index.js");
    await writeFile(join(folder, ".obs", "x"), "2");
    await writeFile(join(folder, "node_modules", "q.js"), "2");
    await writeFile(join(folder, "node_modules", "p", "index.js"), "2");
    await waitFor("the file that is read", () => seen.has("node_modules/p/index.js"));
    expect([...seen]).toEqual(["node_modules/p/index.js"]);
  }));
