import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildingDir, pinnedFolder, pinnedPath } from "../../../stack/toolchain/cache.js";
import { type InstallProgress, installPrograms } from "../../../stack/toolchain/install.js";
import { type ProgramName, programs } from "../../../stack/toolchain/programs.js";
import type { Problem } from "../../../stack/validate/problem.js";
import { type FakeWorld, fakeWorld, writesProgram } from "./fake-world.js";

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld();
});
afterEach(() => world.remove());

/** Installs amtool with what the test's world offers. */
async function install(signal?: AbortSignal, names: ProgramName[] = ["amtool"]) {
  const events: InstallProgress[] = [];
  const result = await installPrograms(names, {
    env: world.env,
    signal,
    onProgress: (event) => events.push(event),
  });
  return { ...result, phases: events.map((event) => event.phase), events };
}

/** Everything below the cache folder, as paths relative to it; the folders for unfinished builds left out. */
async function cached(): Promise<string[]> {
  if (!existsSync(world.cacheDir)) return [];
  const entries = await readdir(world.cacheDir, { recursive: true });
  return entries.filter((entry) => entry !== ".building").sort();
}

function expectBothWaysOut(problem: Problem | undefined) {
  expect(problem?.next).toMatch(
    /Install Go|obs toolchain install|Set XDG_CACHE_HOME|set XDG_CACHE_HOME|go env/,
  );
  expect(problem?.next).toContain("obs up --runtime compose");
}

test("builds what is missing and puts the whole binary in place", async () => {
  await world.putGo(`echo "go: downloading example.org/a v1.0.0" >&2
echo "example.org/a" >&2
echo "example.org/b" >&2
${writesProgram("amtool")}`);
  const { programs: installed, problems, phases, events } = await install();
  expect(problems.filter((problem) => problem.severity === "error")).toEqual([]);
  expect(installed).toEqual([
    {
      name: "amtool",
      version: programs.amtool.version,
      path: pinnedPath("amtool", world.env),
      from: "cache",
    },
  ]);
  expect(phases).toEqual(["waiting", "building", "downloading", "building", "building", "done"]);
  expect(events.at(-2)?.count).toBe(2);
  expect(await cached()).toEqual([pinnedFolder("amtool"), `${pinnedFolder("amtool")}/amtool`]);
});

test("builds nothing that is there already", async () => {
  await world.putInCache("amtool");
  const { programs: installed, phases } = await install();
  expect(installed).toHaveLength(1);
  expect(phases).toEqual(["cached"]);
});

test("builds without the user's cross-compilation, C compiler or workspace, but with their proxy", async () => {
  world.env.GOOS = "plan9";
  world.env.GOWORK = "/elsewhere/go.work";
  world.env.CGO_ENABLED = "1";
  world.env.GOPROXY = "https://proxy.example.org";
  await world.putGo(
    `echo "$GOOS $GOWORK $CGO_ENABLED $GOTOOLCHAIN $GOPROXY" > ${world.root}/seen\n${writesProgram("amtool")}`,
  );
  await install();
  expect(await readFile(join(world.root, "seen"), "utf8")).toMatch(
    /^(linux|darwin|windows) off 0 local https:\/\/proxy\.example\.org\n$/,
  );
});

test("says both ways out where Go is missing", async () => {
  const { programs: installed, problems, phases } = await install();
  expect(installed).toEqual([]);
  expect(problems).toMatchObject([{ id: "go-missing", severity: "error" }]);
  expect(problems[0]?.next).toMatch(/Install Go \d+\.\d+/);
  expectBothWaysOut(problems[0]);
  expect(phases).toEqual(["skipped"]);
  expect(await cached()).toEqual([]);
});

test("says which Go is needed where it is too old", async () => {
  await world.putGo("exit 1", "1.19.8");
  const { problems } = await install(undefined, ["amtool", "loki"]);
  expect(problems).toMatchObject([{ id: "go-too-old" }]);
  const goMod = await readFile("stack/toolchain/loki/go.mod", "utf8");
  expect(problems[0]?.what).toBe(
    `Go 1.19.8 is too old: the pinned programs need Go ${/^go (\S+)/m.exec(goMod)?.[1]} or newer.`,
  );
  expectBothWaysOut(problems[0]);
  expect(await cached()).toEqual([]);
});

test.each([
  ["toolchain-no-space", "write /tmp/x.a: no space left on device"],
  [
    "toolchain-registry-unreachable",
    'go: example.org/a@v1.0.0: Get "https://proxy.example.org/a/@v/v1.0.0.zip": dial tcp: lookup proxy.example.org: no such host',
  ],
  [
    "toolchain-registry-unreachable",
    "go: example.org/a@v1.0.0: reading https://proxy.example.org/a/@v/v1.0.0.zip: 502 Bad Gateway",
  ],
  ["toolchain-checksum-mismatch", "verifying example.org/a@v1.0.0: checksum mismatch"],
  ["go-too-old", "go: go.mod requires go >= 1.99.1 (running go 1.99.0; GOTOOLCHAIN=local)"],
  ["toolchain-out-of-memory", "example.org/a: /go/compile: signal: killed"],
  ["toolchain-build-failed", "# example.org/a\n./a.go:1:1: undefined: b"],
])("makes a %s of a build that fails with: %s", async (id, message) => {
  await world.putGo(`echo half > "$out"\ncat >&2 <<'END'\nexample.org/compiled\n${message}\nEND\nexit 1`);
  world.env.PATH += ":/usr/bin:/bin";
  const { programs: installed, problems, phases } = await install();
  expect(installed).toEqual([]);
  expect(problems).toMatchObject([{ id, severity: "error", output: message.split("\n") }]);
  expectBothWaysOut(problems[0]);
  expect(phases.at(-1)).toBe("failed");
  expect(await cached()).toEqual([]);
});

test("shows no login of a proxy", async () => {
  await world.putGo(
    `echo 'go: a@v1: reading https://me:hunter2@proxy.example.org/a: 403 Forbidden' >&2; exit 1`,
  );
  const { problems } = await install();
  expect(problems[0]?.output).toEqual(["go: a@v1: reading https://***@proxy.example.org/a: 403 Forbidden"]);
});

test("starts no further build once the disk is full", async () => {
  await world.putGo(`echo x >> ${world.root}/builds; echo 'no space left on device' >&2; exit 1`);
  const { problems, phases } = await install(undefined, ["alertmanager", "amtool", "promtool", "prometheus"]);
  expect(problems.map((problem) => problem.id)).toEqual(["toolchain-no-space"]);
  expect(phases).toContain("skipped");
});

test("puts nothing in place that says it is another version", async () => {
  await world.putGo(writesProgram("amtool", "0.34.2"));
  const { problems } = await install();
  expect(problems).toMatchObject([{ id: "toolchain-program-unusable" }]);
  expect(problems[0]?.what).toContain("0.34.2");
  expect(await cached()).toEqual([]);
});

test("says so where the cache folder is a file", async () => {
  await world.putGo(writesProgram("amtool"));
  await writeFile(world.env.XDG_CACHE_HOME!, "");
  const { problems } = await install();
  expect(problems).toMatchObject([{ id: "toolchain-not-writable" }]);
  expectBothWaysOut(problems[0]);
});

test("an interrupted build ends with all its children and leaves nothing half-written", async () => {
  const pids = join(world.root, "pids");
  // The fake ignores the interrupt, as a stuck one would, and so does its child.
  await world.putGo(
    `trap '' INT\necho half > "$out"\n/bin/sleep 60 & echo "$$ $!" > ${pids}.new\n/bin/mv ${pids}.new ${pids}\nwait`,
  );
  const abort = new AbortController();
  const installing = install(abort.signal);
  while (!existsSync(pids)) await sleep(20);
  abort.abort();
  const { interrupted, programs: installed, problems } = await installing;
  expect(interrupted).toBe(true);
  expect(installed).toEqual([]);
  expect(problems.filter((problem) => problem.severity === "error")).toEqual([]);
  expect(await cached()).toEqual([]);
  for (const pid of (await readFile(pids, "utf8")).trim().split(" ")) await expectGone(Number(pid));
}, 15_000);

async function expectGone(pid: number) {
  for (let tries = 0; tries < 100; tries++) {
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // A zombie has ended; whoever adopted it has not looked yet.
    if (state === "" || / Z /.test(state)) return;
    await sleep(20);
  }
  throw new Error(`process ${pid} is still running`);
}

test("two installations at once build once, and both have the program", async () => {
  await world.putGo(`echo x >> ${world.root}/builds\n/bin/sleep 0.5\n${writesProgram("amtool")}`);
  const results = await Promise.all([install(), install()]);
  for (const { programs: installed } of results) expect(installed).toHaveLength(1);
  expect(await readFile(join(world.root, "builds"), "utf8")).toBe("x\n");
});

test("goes on after an installation that was killed", async () => {
  const building = buildingDir(world.env);
  const leftover = join(building, `${pinnedFolder("amtool")}-abcdef`);
  await mkdir(leftover, { recursive: true });
  await writeFile(join(leftover, "out"), "half");
  // No process has this id: it is above the highest that Linux gives.
  await writeFile(join(building, `${pinnedFolder("amtool")}.lock`), "4194305\n");
  await world.putGo(writesProgram("amtool"));
  expect((await install()).programs).toHaveLength(1);
  expect(existsSync(leftover)).toBe(false);
});

test("doesn't wait for a silent installation whose process id went to somebody else", async () => {
  const building = buildingDir(world.env);
  await mkdir(building, { recursive: true });
  const lock = join(building, `${pinnedFolder("amtool")}.lock`);
  await writeFile(lock, `${process.pid}\n`);
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(lock, aMinuteAgo, aMinuteAgo);
  await world.putGo(writesProgram("amtool"));
  expect((await install()).programs).toHaveLength(1);
});

test("can be interrupted while it waits for another installation", async () => {
  const building = buildingDir(world.env);
  await mkdir(building, { recursive: true });
  await writeFile(join(building, `${pinnedFolder("amtool")}.lock`), `${process.pid}\n`);
  await world.putGo(writesProgram("amtool"));
  const { interrupted, problems } = await install(AbortSignal.timeout(300));
  expect(interrupted).toBe(true);
  expect(problems.filter((problem) => problem.severity === "error")).toEqual([]);
});
