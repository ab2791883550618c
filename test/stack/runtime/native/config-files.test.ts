import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyFiles, planFiles, revertFiles } from "../../../../stack/runtime/native/config-files.js";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "obs-config-")), "prometheus");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const files = (entries: Record<string, string>) => new Map(Object.entries(entries));
const present = async () => {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(
      paths.sort().map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")]),
    ),
  );
};

test("a folder comes to hold exactly the given files, and only what differs is touched", async () => {
  await applyFiles(await planFiles(folder, files({ "a.yml": "1", "rules/b.yml": "1" })));
  const before = await stat(join(folder, "a.yml"));
  const changes = await planFiles(folder, files({ "a.yml": "1", "rules/c.yml": "2" }));
  expect(changes.map(({ path }) => path.slice(folder.length + 1))).toEqual(["rules/b.yml", "rules/c.yml"]);
  await applyFiles(changes);
  expect(await present()).toEqual({ "a.yml": "1", "rules/c.yml": "2" });
  expect((await stat(join(folder, "a.yml"))).ino).toBe(before.ino);
  expect(await planFiles(folder, files({ "a.yml": "1", "rules/c.yml": "2" }))).toEqual([]);
});

test("changes can be put back", async () => {
  await applyFiles(await planFiles(folder, files({ "a.yml": "1", "b.yml": "1" })));
  const changes = await planFiles(folder, files({ "a.yml": "2", "c.yml": "1" }));
  await applyFiles(changes);
  await revertFiles(changes);
  expect(await present()).toEqual({ "a.yml": "1", "b.yml": "1" });
});
