// Builds dist/ from the TypeScript sources so that nobody ever meets a half-built one: the compiler writes into a folder
// of this process, then every file is renamed into place, and only then the stamp that `./obs` looks at is set.
// Plain JavaScript, because it runs before anything is built. Installs the dependencies first when that is needed
// (`--install`, as `./obs` calls it).
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stamp = join(dist, ".built");
const work = join(root, ".build");
const lock = join(work, "lock");
const lockFile = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const installedFrom = join(root, "node_modules", ".obs-installed-from.json");
const sources = ["cli", "stack", "alerts", "scripts"];

const install = process.argv.includes("--install");
// The wrapper is for people who run obs; whoever works on it has `npm run types`.
const checkTypes = !install;

let locked = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => fail("interrupted", 130));
process.on("exit", () => {
  rmSync(join(work, `out-${process.pid}`), { recursive: true, force: true });
  if (locked) rmSync(lock, { force: true });
});

await takeLock();
if (install && needsInstall()) npmCi();
// Another process may have built while this one waited for its turn.
if (!install || isStale()) build();

function build() {
  if (install) say("building obs");
  clearLeftovers();
  const startedAt = new Date();
  const out = join(work, `out-${process.pid}`);
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", out];
  const run = spawnSync(process.execPath, [...args, ...(checkTypes ? [] : ["--noCheck"])], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) fail(`the build failed:\n${run.stdout}${run.stderr}`, 2);
  const built = filesBelow(out);
  for (const file of built) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    renameSync(join(out, file), join(dist, file));
  }
  const wanted = new Set([...built, ".built"]);
  for (const file of filesBelow(dist)) if (!wanted.has(file)) unlinkSync(join(dist, file));
  // The time of the start: what was edited while the compiler read counts as newer.
  writeFileSync(`${stamp}.new`, "");
  utimesSync(`${stamp}.new`, startedAt, startedAt);
  renameSync(`${stamp}.new`, stamp);
}

/** The same question as in ./obs, asked again under the lock. */
function isStale() {
  if (!existsSync(stamp) || !existsSync(join(dist, "cli", "main.js"))) return true;
  const builtAt = statSync(stamp).mtimeMs;
  const newer = (path) => existsSync(path) && statSync(path).mtimeMs > builtAt;
  return (
    ["package.json", "tsconfig.json", "tsconfig.build.json"].some((file) => newer(join(root, file))) ||
    sources.some(
      (folder) =>
        existsSync(join(root, folder)) &&
        [".", ...readdirSync(join(root, folder), { recursive: true })].some(
          (path) =>
            !path.startsWith("generated") &&
            newer(join(root, folder, path)) &&
            (path.endsWith(".ts") || statSync(join(root, folder, path)).isDirectory()),
        ),
    )
  );
}

/** Whether the installed packages are others than package-lock.json names; a mere touch of the file doesn't count. */
function needsInstall() {
  if (!existsSync(installed)) return true;
  if (statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs) return false;
  if (existsSync(installedFrom) && readFileSync(installedFrom).equals(readFileSync(lockFile))) {
    const now = new Date();
    utimesSync(installed, now, now);
    return false;
  }
  return true;
}

function npmCi() {
  say("installing dependencies (npm ci)");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    // Packages that are only for working on obs stay out of nobody's way: the compiler is among them.
    env: { ...process.env, NODE_ENV: "development" },
  });
  if (run.error) fail(`npm could not be started: ${run.error.message}`, 2);
  if (run.status !== 0) {
    fail(`npm ci failed (is the package registry reachable?):\n${`${run.stdout}${run.stderr}`.trim()}`, 2);
  }
  copyFileSync(lockFile, installedFrom);
  const now = new Date();
  utimesSync(installed, now, now);
}

/** One build at a time; the lock of a process that is gone is taken over. */
async function takeLock() {
  mkdirSync(work, { recursive: true });
  for (let waiting = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      locked = true;
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = holderOfLock();
    if (holder !== undefined && !isRunning(holder)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!waiting) say(`waiting for another build${holder ? ` (process ${holder})` : ""}`);
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function holderOfLock() {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function clearLeftovers() {
  for (const name of readdirSync(work)) {
    if (name.startsWith("out-")) rmSync(join(work, name), { recursive: true, force: true });
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function say(line) {
  process.stderr.write(`obs: ${line} ...\n`);
}

function fail(message, code) {
  process.stderr.write(`obs: ${message.trimEnd()}\n`);
  process.exit(code);
}
