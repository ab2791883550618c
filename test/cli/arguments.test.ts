import { runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";
import { config, withProject } from "../support/temporary-project.js";

const here = { cwd: process.cwd() };

test("obs alone prints the help and is content", async () => {
  const run = await runObs([], here);
  expect(run).toMatchObject({ exitCode: 0 });
  expect(run.stdout).toContain("Run a stack:");
});

test.each([
  [["stats"], "Did you mean status?", "`obs --help`"],
  [["up", "--detahc"], "Did you mean --detach?", "`obs up --help`"],
  [["up", "--runtime", "podman"], "Allowed choices are compose, native.", "`obs up --help`"],
  [["logs", "--tail", "many"], "It takes a number of lines.", "`obs logs --help`"],
  [["generate", "now"], "Too many arguments", "`obs generate --help`"],
  [["completion"], "Missing required argument 'shell'", "`obs completion --help`"],
  [["toolchain", "instal"], "Did you mean install?", "`obs toolchain --help`"],
])("obs %j could not run: it says what was meant and where to look", async (args, meant, help) => {
  const run = await runObs(args, here);
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe("");
  const text = run.stderr.replaceAll(/\s+/g, " ");
  expect(text).toContain(meant);
  expect(text).toContain(help);
});

test("without a project it says how to make one", async () => {
  await withFolder(async (folder) => {
    const run = await runObs(["validate"], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("obs init");
  });
});

test("a definition is found from a folder below, and by --config from elsewhere", async () => {
  await withProject(
    { "obs.config.ts": config('{ nmae: "x" }'), "alerts/deep/.keep": "" },
    async ({ folder }) => {
      const below = await runObs(["generate"], { cwd: `${folder}/alerts/deep` });
      expect(below.stderr).toContain('Did you mean "name"?');
      const elsewhere = await runObs(["generate", "--config", `${folder}/obs.config.ts`], { cwd: "/" });
      expect(elsewhere.stderr).toContain('Did you mean "name"?');
      expect([below.exitCode, elsewhere.exitCode]).toEqual([1, 1]);
    },
  );
});

test("with --json, findings that end a command are JSON on stdout, too", async () => {
  await withProject({ "obs.config.ts": config('{ nmae: "x" }') }, async ({ folder }) => {
    const run = await runObs(["validate", "--json"], { cwd: folder });
    expect(run.exitCode).toBe(1);
    const report = JSON.parse(run.stdout);
    expect(report.problems.map(({ id }: { id: string }) => id)).toContain("unknown-key");
    expect(report.counts.error).toBeGreaterThan(0);
  });
});
