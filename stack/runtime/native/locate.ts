import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Project } from "../../project.js";
import type { ServicePlan } from "../../render/artefact.js";
import { findOnPath, findProgram } from "../../toolchain/find.js";
import { findPostgres, oldestPostgres } from "../../toolchain/postgres.js";
import { isProgramName, pathOnlyPrograms } from "../../toolchain/programs.js";
import { type Problem, ProblemError } from "../../validate/problem.js";

/** Finds the binary of a program by its name; undefined when this machine doesn't have it. */
export type Locate = (program: string, project: Project) => Promise<string | undefined>;

/** The pinned version of a program, from the toolchain or from PATH. */
export const locateProgram: Locate = async (program) => {
  // Programs of obs itself run on the Node that runs obs.
  if (program === "node") return process.execPath;
  if (program === "postgres") return findPostgres();
  if (isAbsolute(program)) return existsSync(program) ? program : undefined;
  if (isProgramName(program)) return (await findProgram(program))?.path;
  if (Object.hasOwn(pathOnlyPrograms, program))
    return (await findOnPath(program as keyof typeof pathOnlyPrograms))?.path;
  return undefined;
};

/** The binaries of all plans. Throws a ProblemError that names every program that is missing (`program-missing`). */
export async function locateAll(
  project: Project,
  plans: readonly ServicePlan[],
  locate: Locate,
): Promise<Map<string, string>> {
  const found = await Promise.all(
    plans.map(async ({ name, program }) => ({ name, program, path: await locate(program, project) })),
  );
  const missing = found.filter(({ path }) => path === undefined);
  if (missing.length > 0) throw new ProblemError(missing.map(missingProblem), 2);
  return new Map(found.map(({ name, path }) => [name, path!]));
}

function missingProblem({ name, program }: Pick<ServicePlan, "name" | "program">): Problem {
  return {
    id: "program-missing",
    severity: "error",
    what: `The program ${program}, which runs ${name}, is not on this machine${isAbsolute(program) || program === "postgres" ? "" : " in the pinned version"}.`,
    next: nextStep(program),
  };
}

function nextStep(program: string): string {
  if (isAbsolute(program)) return "Check the path in the definition, or run the stack under Docker.";
  if (program === "postgres")
    return (
      `Install PostgreSQL ${oldestPostgres} or newer (on Debian: apt-get install postgresql), or put it on PATH, or run the stack under ` +
      "Docker. Or give the ledger a database of yours (`llm.ledger.databaseUrl`), or do without it (`llm.ledger.enabled: false`)."
    );
  if (Object.hasOwn(pathOnlyPrograms, program)) {
    const { version } = pathOnlyPrograms[program as keyof typeof pathOnlyPrograms];
    return `Install version ${version} so that it is on PATH, or run the stack under Docker.`;
  }
  return "Run `obs toolchain install`, or run the stack under Docker.";
}
