import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { hostPlatform, pinHash } from "./pin.js";
import { type ProgramName, programs } from "./programs.js";

/**
 * Folder of the built programs: `obs/toolchain` in the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`).
 * It is shared by all projects of a user; every pin has a folder of its own in it.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  // A relative XDG_CACHE_HOME is to be ignored, says its specification.
  const named = env.XDG_CACHE_HOME;
  const base = named && isAbsolute(named) ? named : join(env.HOME || homedir(), ".cache");
  return join(base, "obs", "toolchain");
}

/** Name of the folder that holds one program built from one pin: `prometheus-3.15.0-0123456789ab`. */
export function pinnedFolder(name: ProgramName): string {
  return `${name}-${programs[name].version}-${pinHash(name)}`;
}

/**
 * Where the binary of the pinned program is once it is built. A file at this path is always whole: installation moves it
 * there in one step.
 */
export function pinnedPath(name: ProgramName, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDir(env), pinnedFolder(name), hostPlatform.os === "windows" ? `${name}.exe` : name);
}

/** Folder of unfinished builds and of the locks that say who is at it; on the same file system, so that a move is a rename. */
export function buildingDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDir(env), ".building");
}
