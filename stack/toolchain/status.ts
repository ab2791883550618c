import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, pinnedFolder } from "./cache.js";
import { type Candidate, candidatesOnPath, type FoundProgram, findInCache } from "./find.js";
import {
  isProgramName,
  type PathOnlyProgramName,
  type ProgramName,
  type Purpose,
  pathOnlyPrograms,
  programNames,
  programs,
} from "./programs.js";

/** Where one program stands. */
export interface ProgramStatus {
  name: ProgramName | PathOnlyProgramName;
  /** The pinned version. */
  version: string;
  purpose: Purpose;
  /** Built by obs, found on PATH in the pinned version, or neither. */
  from: "cache" | "path" | "missing";
  path?: string;
  /** Size of the binary. */
  bytes?: number;
  /** Whether `obs toolchain install` can build it; else it only ever comes from PATH. */
  buildable: boolean;
  /** Where it is missing: executables of its name on PATH that are of another version. */
  otherVersions: Candidate[];
}

/** Where the whole toolchain stands. */
export interface ToolchainStatus {
  cacheDir: string;
  programs: ProgramStatus[];
  /** Builds from other pins, which other projects or an older obs may still use. */
  otherBuilds: { folders: number; bytes: number };
}

/** Looks up every program, the ones that can only come from PATH included. Starts a process only for what isn't built. */
export async function toolchainStatus(env: NodeJS.ProcessEnv = process.env): Promise<ToolchainStatus> {
  const names = [...programNames, ...(Object.keys(pathOnlyPrograms) as PathOnlyProgramName[])];
  return {
    cacheDir: cacheDir(env),
    programs: await Promise.all(names.map((name) => programStatus(name, env))),
    otherBuilds: await otherBuilds(env),
  };
}

async function programStatus(
  name: ProgramName | PathOnlyProgramName,
  env: NodeJS.ProcessEnv,
): Promise<ProgramStatus> {
  const common = isProgramName(name)
    ? { name, version: programs[name].version, purpose: programs[name].purpose, buildable: true }
    : { name, version: pathOnlyPrograms[name].version, purpose: "run" as const, buildable: false };
  let found: FoundProgram | undefined = isProgramName(name) ? findInCache(name, env) : undefined;
  let candidates: Candidate[] = [];
  if (found === undefined) {
    candidates = await candidatesOnPath(name, env);
    const match = candidates.find((candidate) => candidate.version === common.version);
    found = match && { name, version: common.version, path: match.path, from: "path" };
  }
  if (found === undefined) return { ...common, from: "missing", otherVersions: candidates };
  const { size } = await stat(found.path);
  return { ...common, from: found.from, path: found.path, bytes: size, otherVersions: [] };
}

async function otherBuilds(env: NodeJS.ProcessEnv): Promise<ToolchainStatus["otherBuilds"]> {
  const current = new Set(programNames.map(pinnedFolder));
  const entries = await readdir(cacheDir(env), { withFileTypes: true }).catch(() => []);
  const others = entries.filter(
    (entry) => entry.isDirectory() && /-[0-9a-f]{12}$/.test(entry.name) && !current.has(entry.name),
  );
  const sizes = await Promise.all(others.map(({ name }) => folderBytes(join(cacheDir(env), name))));
  return { folders: others.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

async function folderBytes(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(files.map(async (file) => (await lstat(join(folder, file))).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
