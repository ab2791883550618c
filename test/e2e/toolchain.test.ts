import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDir } from "../../stack/toolchain/cache.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { installPrograms } from "../../stack/toolchain/install.js";
import { programs } from "../../stack/toolchain/programs.js";
import { runObs } from "../support/run-obs.js";

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "obs-build-"));
  // An empty cache of obs; Go's own caches stay, or every run would download and compile anew.
  env = { ...process.env, XDG_CACHE_HOME: join(root, "cache"), ...(await goCaches()) };
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function goCaches() {
  const { stdout } = await execa("go", ["env", "-json", "GOCACHE", "GOMODCACHE"]);
  return JSON.parse(stdout) as Record<string, string>;
}

const errors = (problems: { severity: string }[]) => problems.filter(({ severity }) => severity === "error");

test("builds a real program that tells its pinned version, and finds it again", async () => {
  const { problems, programs: installed } = await installPrograms(["node_exporter"], { env });
  expect(errors(problems)).toEqual([]);
  expect(await findProgram("node_exporter", env)).toEqual(installed[0]);
  const { stdout } = await execa(installed[0]!.path, ["--version"]);
  expect(stdout).toContain(`node_exporter, version ${programs.node_exporter.version} `);
  expect(await readdir(join(cacheDir(env), ".building"))).toEqual([]);
}, 300_000);

test("a real build that is interrupted leaves nothing, and the next one goes on", async () => {
  const abort = new AbortController();
  // A build cache of its own, so that there is something to compile when the interrupt comes.
  const cold = { ...env, GOCACHE: join(root, "go-build") };
  const interrupted = await installPrograms(["amtool"], {
    env: cold,
    signal: abort.signal,
    onProgress: ({ phase, count }) => {
      if (phase === "building" && count === 50) abort.abort();
    },
  });
  expect(interrupted.interrupted).toBe(true);
  expect(errors(interrupted.problems)).toEqual([]);
  expect(await readdir(cacheDir(env))).toEqual([".building"]);
  expect(await readdir(join(cacheDir(env), ".building"))).toEqual([]);
  const { programs: installed } = await installPrograms(["amtool"], { env: cold });
  expect(installed).toHaveLength(1);
}, 300_000);

test("says that sources can't be downloaded where there is no way to the module proxy", async () => {
  const { problems, programs: installed } = await installPrograms(["amtool"], {
    // Nothing listens on port 1.
    env: { ...env, GOPROXY: "http://127.0.0.1:1", GOMODCACHE: join(root, "go-mod"), GOFLAGS: "-modcacherw" },
  });
  expect(installed).toEqual([]);
  expect(errors(problems)).toMatchObject([{ id: "toolchain-registry-unreachable" }]);
}, 60_000);

test("the command line builds, lists what is there, and says by exit code what is missing", async () => {
  const run = (...args: string[]) =>
    runObs(["toolchain", ...args], { cwd: root, env: env as Record<string, string> });
  const bare = await run("status");
  expect(bare.exitCode).toBe(1);
  expect(bare.stdout).toMatch(/node_exporter +\S+ +the stack +to build/);

  const installed = await run("install", "node_exporter");
  expect(installed.stderr).toMatch(/^node_exporter \S+: built in \d+ s$/m);
  expect(installed.exitCode).toBe(0);

  const again = await run("install", "node_exporter", "--json");
  expect(again.stderr).toMatch(/node_exporter \S+: there already/);
  expect(JSON.parse(again.stdout)).toMatchObject({
    programs: [{ name: "node_exporter", from: "cache" }],
    problems: [],
  });

  const { programs: listed } = JSON.parse((await run("status", "--json")).stdout);
  expect(listed).toContainEqual(expect.objectContaining({ name: "node_exporter", from: "cache" }));
}, 120_000);

test("the command line knows a misspelt program", async () => {
  const { exitCode, stderr } = await runObs(["toolchain", "install", "lokki"], { cwd: root });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Did you mean loki?");
});
