import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findRuleFiles } from "../../../stack/rules/find-files.js";
import { withFolder } from "../../support/temporary-folder.js";

const rules =
  "groups:\n  - name: a\n    rules:\n      - record: job:up:sum\n        expr: sum by (job) (up)\n";

async function withFiles(files: Record<string, string>, body: (folder: string) => Promise<void>) {
  await withFolder(async (folder) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await body(folder);
  });
}

const paths = ({ sources }: Awaited<ReturnType<typeof findRuleFiles>>) => sources.map(({ path }) => path);

test("a folder stands for its files with rules, at any depth; others are counted", async () => {
  const files = {
    "rules/a.yml": rules,
    "rules/deep/er/b.yaml": rules,
    "rules/compose.yml": "services: {}\n",
    "rules/notes.txt": rules,
    "rules/node_modules/x/c.yml": rules,
    "rules/.hidden/d.yml": rules,
  };
  await withFiles(files, async (folder) => {
    const found = await findRuleFiles(["rules"], folder);
    expect(paths(found)).toEqual(["rules/a.yml", "rules/deep/er/b.yaml"]);
    expect(found).toMatchObject({ skipped: 1, problems: [] });
  });
});

test("a file is read once, however often it is named", async () => {
  await withFiles({ "rules/a.yml": rules }, async (folder) => {
    await symlink("a.yml", join(folder, "rules", "link.yml"));
    await symlink(".", join(folder, "rules", "loop"));
    const found = await findRuleFiles(["rules", "rules/*.yml", join(folder, "rules", "a.yml")], folder);
    expect(paths(found)).toEqual(["rules/a.yml"]);
    expect(found.problems).toEqual([]);
  });
});

test("a named file is taken whatever it is called and holds", async () => {
  await withFiles({ "notes.txt": "services: {}\n" }, async (folder) => {
    expect(paths(await findRuleFiles(["notes.txt"], folder))).toEqual(["notes.txt"]);
  });
});

test("a file that one is not allowed to read is a finding, and the others are read", async () => {
  await withFiles({ "a.yml": rules, "b.yml": rules }, async (folder) => {
    // Played: to root every file is readable.
    const found = await findRuleFiles(["."], folder, async (path) => {
      if (path.endsWith("a.yml")) throw Object.assign(new Error("denied"), { code: "EACCES" });
      return new TextEncoder().encode(rules);
    });
    expect(paths(found)).toEqual(["b.yml"]);
    expect(found.problems).toMatchObject([
      { id: "unreadable-rule-file", what: "a.yml can't be read: you are not allowed to." },
    ]);
  });
});

test("a folder without rules, a pattern without files and a path to nothing are findings", async () => {
  await withFiles({ "empty/notes.txt": "" }, async (folder) => {
    const { problems } = await findRuleFiles(["empty", "no/*.yml", "gone.yml"], folder);
    expect(problems.map(({ id, what }) => [id, what])).toEqual([
      ["empty-rule-glob", 'No file matches "no/*.yml".'],
      ["unreadable-rule-file", "There is no gone.yml."],
      ["empty-rule-glob", "There is no rule file in empty."],
    ]);
  });
});

test("a file of 10 MB is not read, and said so", async () => {
  await withFiles({ "large.yml": rules.padEnd(10 * 1024 * 1024, "#") }, async (folder) => {
    const { sources, problems } = await findRuleFiles(["large.yml"], folder);
    expect(sources).toEqual([]);
    expect(problems).toMatchObject([{ id: "rule-file-too-large", severity: "error" }]);
  });
});

test("a pipe is no file to be read", async () => {
  await withFolder(async (folder) => {
    const { problems } = await findRuleFiles(["/dev/null"], folder);
    expect(problems).toMatchObject([{ id: "unreadable-rule-file" }]);
  });
});
