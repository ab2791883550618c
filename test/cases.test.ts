import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, cp, mkdtemp, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblems, summaryOf } from "../cli/reporters/text.js";
import { planStack } from "../stack/plan.js";
import { type Project, projectAt } from "../stack/project.js";
import { checks } from "../stack/validate/checks.js";
import { type Problem, ProblemError } from "../stack/validate/problem.js";
import { programChecks } from "../stack/validate/programs.js";
import { validateStack } from "../stack/validate/validate.js";
import { runCommandLine } from "./support/command-line.js";

/*
 * Each folder of test/cases is a project with something wrong, and expected.txt is what the user reads about it, to the
 * letter. With a file `command` in it, it is what that command line prints, run in the folder. `env` becomes `.env` with mode 0600, `env-0644` with that mode. The upstream programs are left out: see
 * test/e2e/validate.test.ts. Rewrite all expectations with `npm run cases:update`, and read the difference.
 */
const cases = join(import.meta.dirname, "cases");
const update = process.env.UPDATE_CASES === "1";
const folders = readdirSync(cases, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const isCommand = (name: string) => existsSync(join(cases, name, "command"));
const names = folders.filter((name) => !isCommand(name));
const commands = folders.filter(isCommand);

describe("every faulty project is told apart, in the words of expected.txt", () => {
  const password = process.env.GRAFANA_ADMIN_PASSWORD;
  beforeAll(() => {
    // Every stack with Grafana needs it; only one case is about secrets that are missing.
    process.env.GRAFANA_ADMIN_PASSWORD = "for-tests";
  });
  afterAll(() => {
    if (password === undefined) delete process.env.GRAFANA_ADMIN_PASSWORD;
    else process.env.GRAFANA_ADMIN_PASSWORD = password;
  });

  test.each(names)("%s", async (name) => {
    const folder = await copyOf(name);
    try {
      const text = printed(await problemsOf(projectAt(join(folder, "obs.config.ts"))), folder);
      const file = join(cases, name, "expected.txt");
      if (update) await writeFile(file, text);
      expect(text).toBe(readFileSync(file, "utf8"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test.each(commands)("%s prints what expected.txt says", async (name) => {
  const folder = await copyOf(name);
  try {
    const command = readFileSync(join(folder, "command"), "utf8").trim();
    const { output, exitCode } = await runCommandLine(command, folder);
    const text = `$ obs ${command}\n${output}exit code ${exitCode}\n`.replaceAll(folder, "<project>");
    const file = join(cases, name, "expected.txt");
    if (update) await writeFile(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("every check has a page in docs/checks and a case of its name", () => {
  const page = (id: string) => existsSync(join(import.meta.dirname, "..", "docs", "checks", `${id}.md`));
  const ids = [...checks, ...programChecks].map(({ id }) => id);
  expect(ids.filter((id) => !page(id))).toEqual([]);
  // What obs itself renders never trips the first (its own test hands it text that does); the others need the programs.
  const elsewhere = ["yaml-reread", ...programChecks.map(({ id }) => id)];
  const own = ids.filter((id) => !elsewhere.includes(id));
  expect(own.filter((id) => !names.includes(id))).toEqual([]);
  // It is found there, and stays quiet in the project without a mistake.
  const expected = (name: string) => readFileSync(join(cases, name, "expected.txt"), "utf8");
  expect(own.filter((id) => !expected(id).includes(`[${id}]`))).toEqual([]);
  expect(expected("fine")).toBe("no findings\n");
});

test("every file of a check is a check that runs, of the file's name", () => {
  const files = readdirSync(join(import.meta.dirname, "../stack/validate/checks"));
  expect(checks.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});

test("every check by a program has a test with the program", () => {
  const texts = ["e2e", "broken", "stack/validate"].flatMap((folder) => {
    const path = join(import.meta.dirname, folder);
    return readdirSync(path)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(path, name), "utf8"));
  });
  const untested = programChecks.filter(({ id }) => !texts.some((text) => text.includes(`"${id}"`)));
  expect(untested.map(({ id }) => id)).toEqual([]);
});

test("every finding of a case has a page in docs/checks", () => {
  const ids = folders.flatMap((name) =>
    [
      ...readFileSync(join(cases, name, "expected.txt"), "utf8").matchAll(
        /^(?:error|warning|notice) .*\[([\w-]+)\]$/gm,
      ),
    ].map(([, id]) => id!),
  );
  const missing = ids.filter(
    (id) => !existsSync(join(import.meta.dirname, "..", "docs", "checks", `${id}.md`)),
  );
  expect([...new Set(missing)]).toEqual([]);
});

async function copyOf(name: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "obs-case-")));
  await cp(join(cases, name), folder, { recursive: true });
  for (const [file, mode] of [
    ["env", 0o600],
    ["env-0644", 0o644],
  ] as const) {
    if (!existsSync(join(folder, file))) continue;
    await rename(join(folder, file), join(folder, ".env"));
    await chmod(join(folder, ".env"), mode);
  }
  return folder;
}

async function problemsOf(project: Project): Promise<Problem[]> {
  try {
    const plan = await planStack(project, "compose");
    const { problems } = await validateStack({ ...plan, find: async () => undefined });
    return [...plan.problems, ...problems];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

function printed(problems: Problem[], folder: string): string {
  const readFile = (path: string) => {
    const file = join(folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const text = formatProblems(problems, { color: false, width: 100, readFile });
  return `${text}${text === "" ? "" : "\n"}${summaryOf(problems) ?? "no findings"}\n`.replaceAll(
    folder,
    "<project>",
  );
}
