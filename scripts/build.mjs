// Builds dist/ from the TypeScript sources so that nobody ever meets a half-built one: the compilers write into a folder
// of this process, then every file is renamed into place, and only then the stamp that `./obs` looks at is set.
// Plain JavaScript, because it runs before anything is built. Installs the dependencies first when that is needed
// (`--install`, as `./obs` calls it).
//
// What runs is bundled, most packages included: opening some hundred small files was a third of the time that a command
// takes. What is imported when needed stays in files of its own (dist/chunks/). The compiler writes the declarations.
//
// A folder beside cli/ and stack/ that users import as "obs-stack/<folder>": name its index in "exports" of package.json
// and dist/<folder> in "files" there, the folder in "include" of tsconfig.build.json, in `sources` below and in `obs`,
// and its module in stack/load/evaluate.ts.
import { spawn, spawnSync } from "node:child_process";
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
import { buildPage, pageLicences } from "./build-page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stamp = join(dist, ".built");
const work = join(root, ".build");
const lock = join(work, "lock");
const lockFile = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const installedFrom = join(root, "node_modules", ".obs-installed-from.json");
const sources = ["cli", "stack", "alerts", "dashboards", "llm", "scripts"];

/** Programs that are started by their path in dist/, besides what package.json names. */
const programs = [
  "stack/runtime/native/supervisor.ts",
  "stack/preview/main.ts",
  "stack/preview/reader-thread.ts",
];
/**
 * Programs that are whole, without chunks: they also run in containers, where nothing but their own file is, or are an
 * application of their own, with the packages that only it needs.
 */
const wholePrograms = ["llm/ledger/main.ts", "llm/demo/main.ts"];
/** What applications import: whole, and with no package but the one that they share with it, so that it drags nothing in. */
const sdk = ["llm/sdk/index.ts"];
const sdkOptions = {
  splitting: false,
  external: ["@opentelemetry/api"],
  mainFields: ["module", "main"],
};
/** The same for whoever works on obs: not in the package, and with no part in its chunks. */
const tools = [
  "scripts/bench.ts",
  "scripts/bench/sdk-client.ts",
  "scripts/bench/sdk-server.ts",
  "scripts/noise.ts",
];
/** Packages that ask where their files lie. */
const external = ["jiti", "libpg-query", "playwright-core", "write-file-atomic"];

const day = 24 * 3_600_000;

const install = process.argv.includes("--install");
// The wrapper is for people who run obs; whoever works on it has `npm run types`.
const checkTypes = !install;

let locked = false;
let compiler;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => fail("interrupted", 130));
process.on("exit", () => {
  compiler?.kill();
  rmSync(join(work, `out-${process.pid}`), { recursive: true, force: true });
  if (locked) rmSync(lock, { force: true });
});

await takeLock();
if (install && needsInstall()) npmCi();
// Another process may have built while this one waited for its turn.
if (!install || isStale()) await build();

async function build() {
  if (install) say("building obs");
  clearLeftovers();
  const startedAt = new Date();
  const out = join(work, `out-${process.pid}`);
  // The compiler's words about a mistake are the better ones: they are waited for.
  const [declared, ...bundled] = await Promise.allSettled([
    declare(out),
    bundle(entries(), out),
    bundle(wholePrograms, out, { splitting: false }),
    bundle(sdk, out, sdkOptions),
    buildPage(root, join(work, "page"), out),
    // For applications whose Node can't `require` ES modules yet.
    bundle(sdk, out, { ...sdkOptions, format: "cjs", banner: {}, outExtension: { ".js": ".cjs" } }),
    bundle(tools, out, { packages: "external", chunkNames: "scripts/chunks/[name]-[hash]" }),
  ]);
  for (const { reason } of [declared, ...bundled])
    if (reason) fail(`the build failed:\n${reason.message}`, 2);
  const notices = noticesFor(bundled.slice(0, 4).flatMap(({ value }) => value));
  if (notices) writeFileSync(join(out, "third-party-licenses.txt"), notices);
  // Chunks first: whatever imports them finds them.
  const isChunk = (file) => file.startsWith("chunks/");
  const built = filesBelow(out).sort((one, other) => isChunk(other) - isChunk(one));
  for (const file of built) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    renameSync(join(out, file), join(dist, file));
  }
  const wanted = new Set([...built, ".built"]);
  // A command that runs still imports chunks of the build it began with; in a package they have no place.
  const inUse = (file) => install && isChunk(file) && Date.now() - statSync(join(dist, file)).mtimeMs < day;
  for (const file of filesBelow(dist)) if (!wanted.has(file) && !inUse(file)) unlinkSync(join(dist, file));
  // The time of the start: what was edited while the compiler read counts as newer.
  writeFileSync(`${stamp}.new`, "");
  utimesSync(`${stamp}.new`, startedAt, startedAt);
  renameSync(`${stamp}.new`, stamp);
}

/** Sources of all that package.json names as a program or a module, and of what is started by its path. */
function entries() {
  const { bin = {}, exports = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = [...Object.values(bin), ...Object.values(exports).map((target) => target.default ?? "")]
    .filter((file) => file.startsWith("./dist/"))
    .map((file) => file.slice("./dist/".length).replace(/\.js$/, ".ts"));
  return [...named.filter((file) => !sdk.includes(file)), ...programs];
}

/** Writes a file for each source and chunks for what they share. Returns the paths of all that went into them. */
async function bundle(sources, out, options = {}) {
  const entryPoints = sources.filter((file) => existsSync(join(root, file)));
  if (entryPoints.length === 0) return [];
  const { build: run } = await import("esbuild");
  const { metafile } = await run({
    entryPoints,
    absWorkingDir: root,
    outbase: root,
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.12",
    chunkNames: "chunks/[name]-[hash]",
    external: external.flatMap((name) => [name, `${name}/*`]),
    // Node is given the older format of this one, in which each call looks its function up; and all of it is loaded.
    alias: { yaml: join(root, "node_modules", "yaml", "browser", "index.js") },
    // Packages in the older format ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    // `node --enable-source-maps dist/cli/main.js` names the places in the sources.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "silent",
    ...options,
  });
  return Object.keys(metafile.inputs);
}

/** Writes the types of what users import. */
function declare(out) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", out];
  return new Promise((resolve, reject) => {
    compiler = spawn(process.execPath, [...args, ...(checkTypes ? [] : ["--noCheck"])], { cwd: root });
    let said = "";
    for (const stream of [compiler.stdout, compiler.stderr]) stream.on("data", (text) => (said += text));
    compiler.on("error", reject);
    compiler.on("close", (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });
}

/** The licences of the packages that were bundled: they ask to be passed on with their code. */
function noticesFor(inputs) {
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter(Boolean))]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
      const text = file ? readFileSync(join(root, folder, file), "utf8").trim() : "";
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .concat(
      pageLicences
        .map((path) => join(root, path))
        .filter(existsSync)
        .map((file) => readFileSync(file, "utf8")),
    )
    .join(`\n${"-".repeat(80)}\n\n`);
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
            (/\.(tsx?|css|html)$/.test(path) || statSync(join(root, folder, path)).isDirectory()),
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
    if (/^(out|page)-/.test(name)) rmSync(join(work, name), { recursive: true, force: true });
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
