import { findProgram } from "./find.js";
import { type ProgramName, programNames, programs } from "./programs.js";

/**
 * What is to be built before these programs can be started: those of them that obs can build and that are neither built
 * nor on PATH, and, when there are any, their missing checkers as well. Looks for nothing else, so that it is quick.
 */
export async function missingPrograms(
  wanted: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProgramName[]> {
  const missing = await without(
    programNames.filter((name) => wanted.includes(name)),
    env,
  );
  if (missing.length === 0) return [];
  const checkers = await without(
    // Compose checks what only a Docker engine would run.
    programNames.filter((name) => programs[name].purpose === "validate" && name !== "docker-compose"),
    env,
  );
  return programNames.filter((name) => missing.includes(name) || checkers.includes(name));
}

async function without(names: readonly ProgramName[], env: NodeJS.ProcessEnv): Promise<ProgramName[]> {
  const found = await Promise.all(names.map((name) => findProgram(name, env)));
  return names.filter((_, at) => found[at] === undefined);
}
