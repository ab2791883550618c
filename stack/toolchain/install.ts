import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Problem } from "../validate/problem.js";
import { buildingDir, cacheDir, pinnedFolder, pinnedPath } from "./cache.js";
import {
  buildFailure,
  concernsAllBuilds,
  goMissing,
  goTooOld,
  littleSpace,
  noSpace,
  notWritable,
  unusable,
} from "./failures.js";
import { type FoundProgram, findInCache, findProgram } from "./find.js";
import { compareVersions, type Go, goBuild, inspectGo, requiredGoVersion } from "./go.js";
import { withLock } from "./lock.js";
import { type ProgramName, programNames, programs } from "./programs.js";
import { askVersion } from "./version.js";

/**
 * What happens to one program: it waits for its turn or for another installation, fetches sources, compiles; at last it is
 * done, was there already, failed, or was left because of a failure that would have met it too.
 */
export type InstallPhase = "waiting" | "downloading" | "building" | "done" | "cached" | "failed" | "skipped";

export interface InstallProgress {
  program: ProgramName;
  phase: InstallPhase;
  /** Milliseconds since this program's build began; 0 while it waits for its turn. */
  elapsedMs: number;
  /** Modules fetched or packages compiled so far; a package of the standard library counts as well. */
  count?: number;
}

export interface InstallOptions {
  /** Stops the compilers and leaves nothing half-written; what was compiled so far stays in Go's cache. */
  signal?: AbortSignal;
  onProgress?: (progress: InstallProgress) => void;
  env?: NodeJS.ProcessEnv;
}

export interface InstallResult {
  /** What can be started now, in the order of the names asked for. */
  programs: FoundProgram[];
  /** Why the others can't. Empty of errors exactly when every program is there, or the installation was interrupted. */
  problems: Problem[];
  /** Whether the signal stopped it. */
  interrupted: boolean;
}

// Bytes. Each binary is at most about 160 MB and the linker works in as much again; the caches of a first build of
// everything were measured at 7 GB of compiled packages and 6 GB of modules.
const certainPerProgram = 350e6;
const coldPerProgram = 1.2e9;

/**
 * Makes sure that the pinned version of each program is there, building what is neither in the cache nor on PATH.
 * Failures are returned, not thrown. Two installations at once wait for each other program by program; a binary appears
 * under its final name only when it is whole and has told its version.
 */
export async function installPrograms(
  names: readonly ProgramName[],
  options: InstallOptions = {},
): Promise<InstallResult> {
  const { signal, env = process.env, onProgress = () => {} } = options;
  const found = new Map<ProgramName, FoundProgram>();
  await Promise.all(
    names.map(async (name) => {
      const program = await findProgram(name, env);
      if (program === undefined) return;
      found.set(name, program);
      onProgress({ program: name, phase: "cached", elapsedMs: 0 });
    }),
  );
  const missing = programNames.filter((name) => names.includes(name) && !found.has(name));
  const problems: Problem[] = [];
  if (missing.length > 0) {
    const go = await prepare(missing, env, problems);
    if (go === undefined) {
      for (const program of missing) onProgress({ program, phase: "skipped", elapsedMs: 0 });
    } else {
      for (const program of missing) onProgress({ program, phase: "waiting", elapsedMs: 0 });
      await buildAll(missing, { go, env, signal, onProgress, found, problems });
    }
  }
  return {
    programs: names.flatMap((name) => found.get(name) ?? []),
    problems,
    interrupted: signal?.aborted ?? false,
  };
}

/** What must hold before any build starts; undefined when it doesn't, and `problems` says why. */
async function prepare(
  missing: readonly ProgramName[],
  env: NodeJS.ProcessEnv,
  problems: Problem[],
): Promise<Go | undefined> {
  const versions = await Promise.all(missing.map((name) => requiredGoVersion(programs[name])));
  const required = versions.reduce((a, b) => (compareVersions(a, b) > 0 ? a : b));
  const go = await inspectGo(env);
  if (go === undefined) {
    problems.push(goMissing(required));
    return undefined;
  }
  if (compareVersions(go.version, required) < 0) {
    problems.push(goTooOld(go, required));
    return undefined;
  }
  try {
    await mkdir(buildingDir(env), { recursive: true });
  } catch (error) {
    problems.push(notWritable(cacheDir(env), (error as Error).message));
    return undefined;
  }
  const space = await checkSpace(go, missing.length, env);
  if (space !== undefined) problems.push(space);
  return space?.severity === "error" ? undefined : go;
}

async function checkSpace(go: Go, count: number, env: NodeJS.ProcessEnv): Promise<Problem | undefined> {
  const folder = cacheDir(env);
  const ours = await freeBytes(folder);
  const certain = count * certainPerProgram;
  if (ours < certain) return noSpace(folder, { free: ours, needed: certain });
  const cold = count * coldPerProgram;
  for (const place of [folder, go.buildCache, go.moduleCache]) {
    const free = await freeBytes(place);
    if (free < cold) return littleSpace(place, { free, needed: cold });
  }
  return undefined;
}

/** Bytes free for this user where a folder is or would be made; Infinity where the system doesn't tell. */
async function freeBytes(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch {
      if (at === dirname(at)) return Number.POSITIVE_INFINITY;
    }
  }
}

interface Building {
  go: Go;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal | undefined;
  onProgress: (progress: InstallProgress) => void;
  found: Map<ProgramName, FoundProgram>;
  problems: Problem[];
}

/**
 * Go compiles on all cores by itself; a second build beside it fills the time in which the first one downloads or links.
 * Programs of one module follow each other, because the second finds the first one's packages compiled.
 */
async function buildAll(missing: readonly ProgramName[], building: Building): Promise<void> {
  const queue = [...new Set(missing.map((name) => programs[name].folder))];
  const atOnce = Math.max(
    1,
    Math.min(3, Math.floor(availableParallelism() / 2), Math.floor(totalmem() / 4e9)),
  );
  const worker = async () => {
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
      for (const name of missing.filter((program) => programs[program].folder === folder)) {
        if (building.signal?.aborted) return;
        if (building.problems.some(concernsAllBuilds)) {
          building.onProgress({ program: name, phase: "skipped", elapsedMs: 0 });
        } else {
          await buildOne(name, building);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function buildOne(name: ProgramName, building: Building): Promise<void> {
  const { env, signal, onProgress, found, problems } = building;
  const started = performance.now();
  const tell = (phase: InstallPhase, count?: number) =>
    onProgress({ program: name, phase, elapsedMs: Math.round(performance.now() - started), count });
  try {
    const problem = await withLock(
      join(buildingDir(env), `${pinnedFolder(name)}.lock`),
      // Another installation may have finished between the first look and this lock.
      async () => (findInCache(name, env) ? undefined : await buildAndPlace(name, building, tell)),
      { signal, onWait: () => tell("waiting"), isDone: () => findInCache(name, env) !== undefined },
    );
    const program = findInCache(name, env);
    if (program !== undefined) {
      found.set(name, program);
      tell("done");
    } else if (problem !== undefined) {
      // Builds that run side by side meet the same full disk or dead network: once is enough.
      if (!(concernsAllBuilds(problem) && problems.some(({ id }) => id === problem.id)))
        problems.push(problem);
      tell("failed");
    }
  } catch (error) {
    if (signal?.aborted) return;
    problems.push(fileProblem(error as NodeJS.ErrnoException, env));
    tell("failed");
  }
}

async function buildAndPlace(
  name: ProgramName,
  { go, env, signal }: Building,
  tell: (phase: InstallPhase, count?: number) => void,
): Promise<Problem | undefined> {
  await clearLeftovers(name, env);
  const scratch = await mkdtemp(join(buildingDir(env), `${pinnedFolder(name)}-`));
  try {
    tell("building");
    const output = join(scratch, "out");
    const build = await goBuild(go, programs[name], {
      output,
      scratch,
      env,
      signal,
      onProgress: ({ phase, count }) => tell(phase, count),
    });
    if (build.exitCode !== 0) return buildFailure(name, build.output, buildingDir(env));
    await chmod(output, 0o755);
    const version = await askVersion(output, programs[name], env);
    if (version !== programs[name].version) {
      return unusable(name, programs[name].version, version, cacheDir(env));
    }
    await flush(output);
    const target = pinnedPath(name, env);
    await mkdir(dirname(target), { recursive: true });
    await rename(output, target);
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a killed installation left behind; we hold the lock, so nobody is at it. */
async function clearLeftovers(name: ProgramName, env: NodeJS.ProcessEnv): Promise<void> {
  const prefix = `${pinnedFolder(name)}-`;
  for (const entry of await readdir(buildingDir(env))) {
    if (entry.startsWith(prefix)) await rm(join(buildingDir(env), entry), { recursive: true, force: true });
  }
}

/** Without this, a power cut just after the rename could leave an empty file under the final name. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  await handle.sync();
  await handle.close();
}

function fileProblem(error: NodeJS.ErrnoException, env: NodeJS.ProcessEnv): Problem {
  if (error.code === "ENOSPC" || error.code === "EDQUOT") return noSpace(cacheDir(env));
  return notWritable(cacheDir(env), error.message);
}
