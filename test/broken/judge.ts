import { chmod, cp, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblems } from "../../cli/reporters/text.js";
import { planStack } from "../../stack/plan.js";
import { projectAt } from "../../stack/project.js";
import { type Place, type Problem, ProblemError } from "../../stack/validate/problem.js";
import { type ValidateRequest, validateStack } from "../../stack/validate/validate.js";
import type { BrokenCase } from "./broken-case.js";

/** What was found in a project, and its files to show it with. */
export interface Judgement {
  problems: Problem[];
  /** As the user reads it. */
  text: string;
  /** Where the expected finding must point; undefined for the base itself. */
  place?: Place;
}

/** Further errors that one mistake may bring about: more would bury it. */
const furtherErrors = 2;

/**
 * Validates a fresh copy of the base in `folder`, broken where a case is given. Of what was there before, only the
 * translations of its code are kept (by content): most of the time goes into those. `find` looks the upstream programs
 * up; none is used unless it is given.
 */
export async function judge(
  folder: string,
  broken?: BrokenCase,
  find: ValidateRequest["find"] | "installed" = async () => undefined,
): Promise<Judgement> {
  for (const entry of await readdir(folder))
    if (entry !== ".obs") await rm(join(folder, entry), { recursive: true });
  await cp(join(import.meta.dirname, "base"), folder, { recursive: true });
  if (broken) await edit(join(folder, broken.file), broken);
  const place = broken && (await expectedPlace(folder, broken));
  await rename(join(folder, "env"), join(folder, ".env"));
  await chmod(join(folder, ".env"), 0o600);
  const problems = await problemsOf(folder, find === "installed" ? {} : { find });
  const sources = new Map<string, string>();
  for (const file of new Set(problems.flatMap((each) => each.place?.file ?? [])))
    sources.set(file, await readFile(join(folder, file), "utf8").catch(() => ""));
  return {
    problems,
    text: formatProblems(problems, { color: false, width: 110, readFile: (path) => sources.get(path) }),
    ...(place && { place }),
  };
}

/** A folder for {@link judge}, for the length of the tests of a file. */
export function benchFolder(): () => string {
  let folder = "";
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "obs-broken-")));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Fails with all that was found, unless the case's finding is there, in its place, and little else. */
export function expectFound({ problems, text, place }: Judgement, { expect: wanted }: BrokenCase): void {
  const isWanted = (problem: Problem) =>
    problem.id === wanted.id && problem.severity === wanted.severity && shown(problem.place) === shown(place);
  const found = problems.some(isWanted);
  const others = problems.filter((problem) => problem.severity === "error" && !isWanted(problem));
  if (found && others.length <= furtherErrors) return;
  const fault = found
    ? `${others.length} further errors bury it`
    : `no ${wanted.severity} ${wanted.id} at ${shown(place)}`;
  throw new Error(`${fault}:\n\n${text || "(nothing was found)"}`);
}

async function edit(path: string, { title, find, replace }: BrokenCase): Promise<void> {
  const text = await readFile(path, "utf8");
  const at = onlyPlaceOf(find, text, title);
  await writeFile(path, text.slice(0, at) + replace + text.slice(at + find.length));
}

async function expectedPlace(folder: string, { title, file, expect: wanted }: BrokenCase): Promise<Place> {
  if ("keyPath" in wanted) return { file: "obs.config.ts", keyPath: wanted.keyPath };
  if ("wholeFile" in wanted) return { file };
  const of = wanted.file ?? file;
  const text = await readFile(join(folder, of), "utf8");
  const caret = Math.max(0, wanted.at.indexOf("‸"));
  const before = text.slice(0, onlyPlaceOf(wanted.at.replace("‸", ""), text, title) + caret);
  const lines = before.split("\n");
  return { file: of, line: lines.length, column: lines.at(-1)!.length + 1 };
}

function onlyPlaceOf(part: string, text: string, title: string): number {
  const [at, again] = [text.indexOf(part), text.lastIndexOf(part)];
  if (at === -1 || at !== again)
    throw new Error(`"${title}": this must be there exactly once, and is not: ${part}`);
  return at;
}

async function problemsOf(folder: string, options: Pick<ValidateRequest, "find">): Promise<Problem[]> {
  try {
    const plan = await planStack(projectAt(join(folder, "obs.config.ts")), "compose");
    const { problems } = await validateStack({ ...plan, ...options });
    return [...plan.problems, ...problems];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

function shown(place: Place | undefined): string {
  if (!place) return "no place";
  const { file, line, column, keyPath } = place;
  if (line !== undefined) return `${file}:${line}:${column}`;
  return keyPath === undefined ? file : `${file} › ${keyPath}`;
}
