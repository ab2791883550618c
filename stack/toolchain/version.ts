import { findExecutables } from "./executables.js";
import type { PathOnlyProgram, Program } from "./programs.js";

/** Longest time, in milliseconds, that a program may take to print its version. */
const patience = 5_000;

/**
 * The version in what a program prints when asked for it, without a leading v or build metadata; undefined where it
 * prints none, as programs built with a plain `go install` do.
 */
export function parseVersion(output: string): string | undefined {
  return /version\W{1,4}v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)/i.exec(output)?.[1];
}

/** The version of a module in what `go version -m BINARY` prints, e.g. `v0.28.1`. */
export function parseModuleVersion(output: string, module: string): string | undefined {
  for (const line of output.split("\n")) {
    const [kind, path, version] = line.trim().split("\t");
    if ((kind === "mod" || kind === "dep") && path === module) return version;
  }
  return undefined;
}

/**
 * Asks an executable which version it is: itself first, then, where it doesn't know, Go (which wrote the module versions
 * into it). Resolves to undefined when neither can tell, when it can't be started, or when it takes longer than 5 seconds.
 */
export async function askVersion(
  path: string,
  program: Program | PathOnlyProgram,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  if (program.versionArguments.length > 0) {
    const version = parseVersion(await run(path, program.versionArguments, env));
    if (version !== undefined) return version;
  }
  const [go] = findExecutables(["go"], env);
  if (go === undefined || !("module" in program)) return undefined;
  const found = parseModuleVersion(await run(go, ["version", "-m", path], env), program.module);
  // Only the pinned module version can be told apart from the program's own numbering, and only that one is asked for.
  return found === program.moduleVersion ? program.version : found;
}

async function run(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { execa } = await import("execa");
  const { all } = await execa(path, args, {
    env,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: "ignore",
    timeout: patience,
    killSignal: "SIGKILL",
    maxBuffer: 1_000_000,
  });
  return all ?? "";
}
