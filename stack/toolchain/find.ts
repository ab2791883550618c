import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pinnedPath } from "./cache.js";
import { findExecutables } from "./executables.js";
import {
  isProgramName,
  type PathOnlyProgram,
  type PathOnlyProgramName,
  type Program,
  type ProgramName,
  pathOnlyPrograms,
  programs,
} from "./programs.js";
import { askVersion } from "./version.js";

/** A program that is ready to be started. */
export interface FoundProgram {
  name: ProgramName | PathOnlyProgramName;
  version: string;
  /** Absolute path of the binary. */
  path: string;
  /** Whether obs built it, or it was installed on the machine. */
  from: "cache" | "path";
}

/** An executable of the right name, and the version it says it is (undefined where it doesn't tell). */
export interface Candidate {
  path: string;
  version: string | undefined;
}

/**
 * The pinned version of a program: the one obs built, else one on PATH whose version is the pinned one.
 * The first costs one look at the file system and starts no process. Resolves to undefined when there is neither.
 */
export async function findProgram(
  name: ProgramName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundProgram | undefined> {
  return findInCache(name, env) ?? (await findOnPath(name, undefined, env));
}

/** The program that obs built from the current pin, if it has been built. Starts no process. */
export function findInCache(
  name: ProgramName,
  env: NodeJS.ProcessEnv = process.env,
): FoundProgram | undefined {
  const path = pinnedPath(name, env);
  return existsSync(path) ? { name, version: programs[name].version, path, from: "cache" } : undefined;
}

/**
 * A program on PATH (for docker-compose also among Docker's plugins) that says it is the given version, by default the
 * pinned one. Starts each executable of that name once, to ask it.
 */
export async function findOnPath(
  name: ProgramName | PathOnlyProgramName,
  version: string = definitionOf(name).version,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundProgram | undefined> {
  const candidate = (await candidatesOnPath(name, env)).find((found) => found.version === version);
  return candidate && { name, version, path: candidate.path, from: "path" };
}

/** Every executable on PATH that goes by a program's name, whatever its version. */
export async function candidatesOnPath(
  name: ProgramName | PathOnlyProgramName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Candidate[]> {
  const program = definitionOf(name);
  const further = name === "docker-compose" ? dockerPluginFolders(env) : [];
  const paths = findExecutables(program.namesOnPath, env, further);
  return Promise.all(paths.map(async (path) => ({ path, version: await askVersion(path, program, env) })));
}

function definitionOf(name: ProgramName | PathOnlyProgramName): Program | PathOnlyProgram {
  return isProgramName(name) ? programs[name] : pathOnlyPrograms[name];
}

// Where Docker's client and Docker Desktop look for plugins.
function dockerPluginFolders(env: NodeJS.ProcessEnv): string[] {
  return [
    join(env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker"), "cli-plugins"),
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
    "/opt/homebrew/lib/docker/cli-plugins",
    "/Applications/Docker.app/Contents/Resources/cli-plugins",
  ];
}
