import { chmod, lstat, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { placeFiles } from "../../stack/init/place-files.js";
import { stackNameFor } from "../../stack/init/project-name.js";
import { runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";

const made = [".env", ".gitignore", "README.md", "alerts", "dashboards", "obs.config.ts", "tsconfig.json"];

test("a new project is complete, keeps its secrets to itself, and is valid as it stands", async () => {
  await withFolder(async (folder) => {
    const run = await runObs(["init", "My Shop"], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain("cd 'My Shop'");
    const project = join(folder, "My Shop");
    expect((await readdir(project)).sort()).toEqual(made);
    expect((await stat(join(project, ".env"))).mode & 0o777).toBe(0o600);
    const password = /^GRAFANA_ADMIN_PASSWORD=(\S{32,})$/m.exec(
      await readFile(join(project, ".env"), "utf8"),
    );
    expect(password).not.toBeNull();
    expect(run.all).not.toContain(password![1]);
    expect(await readFile(join(project, "obs.config.ts"), "utf8")).toContain('name: "my-shop"');
    const checked = await runObs(["validate", "--json"], { cwd: project });
    // What the comment beside the packs tells newcomers of.
    expect(JSON.parse(checked.stdout).problems).toEqual([
      expect.objectContaining({ id: "declared-metric", severity: "notice" }),
      expect.objectContaining({ id: "declared-metric", severity: "notice" }),
    ]);
    expect(checked.exitCode).toBe(0);
  });
});

test("no two projects share a secret", async () => {
  await withFolder(async (folder) => {
    await runObs(["init", "one"], { cwd: folder });
    await runObs(["init", "two"], { cwd: folder });
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) => readFile(join(folder, name, ".env"), "utf8")),
    );
    expect(one).not.toBe(two);
  });
});

test("where any of its files exists it writes nothing and names them", async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "README.md"), "mine");
    await mkdir(join(folder, "alerts"));
    await writeFile(join(folder, "alerts", "example.ts"), "mine");
    const run = await runObs(["init"], { cwd: folder });
    expect(run.exitCode).toBe(1);
    expect(run.stderr.replaceAll(/\s+/g, " ")).toContain("alerts/example.ts, README.md exist already");
    expect((await readdir(folder)).sort()).toEqual(["README.md", "alerts"]);
    expect(await readFile(join(folder, "README.md"), "utf8")).toBe("mine");
  });
});

test("beside other files it makes its own and touches nothing else", async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "package.json"), "{}");
    const run = await runObs(["init"], { cwd: folder });
    expect(run.exitCode).toBe(0);
    expect((await readdir(folder)).sort()).toEqual([...made, "package.json"].sort());
    expect(await readFile(join(folder, "package.json"), "utf8")).toBe("{}");
  });
});

test("a link that leads nowhere counts as a file", async () => {
  await withFolder(async (folder) => {
    const { symlink } = await import("node:fs/promises");
    await symlink("nowhere", join(folder, ".env"));
    const run = await runObs(["init"], { cwd: folder });
    expect(run.exitCode).toBe(1);
    expect((await lstat(join(folder, ".env"))).isSymbolicLink()).toBe(true);
    expect(await readdir(folder)).toEqual([".env"]);
  });
});

test("a path through a file can't be made, and that is said", async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "taken"), "");
    const run = await runObs(["init", "taken/project"], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("part of its path is a file");
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});

describe("when placing files fails half-way", () => {
  test("in an existing folder, what was placed is taken away again", async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, "b"), "mine");
      const files = ["a", "new/deep/file", "b"].map((path) => ({ path, text: "ours" }));
      await expect(placeFiles(folder, files)).rejects.toThrow("b exists");
      expect(await readdir(folder)).toEqual(["b"]);
      expect(await readFile(join(folder, "b"), "utf8")).toBe("mine");
    });
  });

  test("a new folder and the folders above it don't appear", async () => {
    await withFolder(async (folder) => {
      const files = ["a", "a/b"].map((path) => ({ path, text: "ours" }));
      await expect(placeFiles(join(folder, "deep", "project"), files)).rejects.toThrow();
      expect(await readdir(folder)).toEqual([]);
    });
  });
});

test("a new folder can be entered by others as the umask says", async () => {
  await withFolder(async (folder) => {
    await chmod(folder, 0o755);
    await placeFiles(join(folder, "project"), [{ path: "a", text: "" }]);
    expect((await stat(join(folder, "project"))).mode & 0o777).toBe(0o777 & ~process.umask());
  });
});

test.each([
  ["/srv/shop", "shop"],
  ["/srv/My Shop (2)", "my-shop-2"],
  ["/srv/Käse", "ka-se"],
  ["/srv/2024-traces", "traces"],
  ["/srv/日本", "obs"],
  ["/", "obs"],
  [`/srv/${"long-".repeat(20)}`, "long-long-long-long-long-long-long-long"],
])("the folder %s gives the stack's name %s", (folder, name) => {
  expect(stackNameFor(folder)).toBe(name);
});
