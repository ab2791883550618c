import { execFileSync } from "node:child_process";
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

test("pipes, devices, folders, links in a circle and to nothing are findings, and the rest is read", async () => {
  await withFiles({ "rules/good.yml": rules, "rules/folder.yml/notes.txt": "" }, async (folder) => {
    const inside = join(folder, "rules");
    execFileSync("mkfifo", [join(inside, "pipe.yml")]);
    await symlink("/dev/zero", join(inside, "endless.yml"));
    await symlink("nowhere", join(inside, "broken.yml"));
    await symlink("circle2.yml", join(inside, "circle1.yml"));
    await symlink("circle1.yml", join(inside, "circle2.yml"));
    const found = await findRuleFiles(["rules"], folder);
    expect(paths(found)).toEqual(["rules/good.yml"]);
    expect(found.problems.map(({ what }) => what)).toEqual([
      "rules/broken.yml can't be read: it is not there, or a link to nothing.",
      "rules/circle1.yml can't be read: it is a link that leads back to itself.",
      "rules/circle2.yml can't be read: it is a link that leads back to itself.",
      "rules/endless.yml can't be read: it is no ordinary file.",
      "rules/pipe.yml can't be read: it is no ordinary file.",
    ]);
    const named = await findRuleFiles(["rules/circle1.yml", "rules/broken.yml"], folder);
    expect(named.problems.map(({ what }) => what)).toEqual([
      "rules/circle1.yml can't be read: it is a link that leads back to itself.",
      "rules/broken.yml is a link to a file that isn't there.",
    ]);
  });
});

test("a file that vanishes before it is read is a finding, and the others are read", async () => {
  await withFiles({ "a.yml": rules, "b.yml": rules }, async (folder) => {
    // Played: it is there when the folder is looked through.
    const found = await findRuleFiles(["."], folder, async (path) => {
      if (path.endsWith("a.yml")) throw Object.assign(new Error("gone"), { code: "ENOENT" });
      return new TextEncoder().encode(rules);
    });
    expect(paths(found)).toEqual(["b.yml"]);
    expect(found.problems).toMatchObject([{ id: "unreadable-rule-file", place: { file: "a.yml" } }]);
  });
});

test.each([
  ["a program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), "is not a text file."],
  ["UTF-16", Buffer.from(`\ufeff${rules}`, "utf16le"), "is in UTF-16."],
  ["UTF-16 the other way round", Buffer.from(`\ufeff${rules}`, "utf16le").swap16(), "is in UTF-16."],
  ["Latin-1", Buffer.from("groups: # \u00e9\n", "latin1"), "is not in UTF-8."],
])("a file in %s is a finding", async (_what, bytes, said) => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "a.yml"), bytes);
    const { sources, problems } = await findRuleFiles(["a.yml"], folder);
    expect(sources).toEqual([]);
    expect(problems).toMatchObject([{ id: "rule-file-not-text", what: `a.yml ${said}` }]);
  });
});
