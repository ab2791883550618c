import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { type DashboardCode, importDashboard } from "../dashboards/import/index.js";
import type { Stack } from "../stack/define.js";
import { placeImported } from "../stack/place-imported.js";
import { generateDashboards } from "../stack/preview/generate.js";
import { shownFrom } from "../stack/rules/find-files.js";
import { hasErrors, type Problem, ProblemError } from "../stack/validate/problem.js";
import type { ImportOptions } from "./commands/dashboards/import.js";
import type { Context } from "./context.js";
import { importPath } from "./imported-files.js";

interface Written extends DashboardCode {
  path: string;
}

/** `obs dashboards import`. */
export async function importDashboards(
  context: Context,
  { out, stdout = false, force = false }: ImportOptions,
  paths: readonly string[],
): Promise<0 | 1> {
  const project = await context.project();
  const folder = folderIn(project.root, out);
  const problems: Problem[] = [];
  const codes: Written[] = [];
  for (const path of new Set(paths)) {
    try {
      const source = await sourceOf(path);
      const { code, problems: found } = importDashboard(source.text, source.name);
      problems.push(...found);
      codes.push({ ...code, path: join(folder, `${freeName(code, codes)}.ts`) });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (stdout) for (const { text } of codes) context.print(text.trimEnd());
  else await placeImported(project.root, codes, { force, id: "dashboard-file-exists" });
  const checked = await generateDashboards(
    project,
    "compose",
    codes.map(({ dashboard }) => dashboard as object as Stack["dashboards"][number]),
  );
  // Their places are in the definition, which doesn't list them yet: the file is what people look for.
  const found = checked.problems.flatMap((problem) => {
    const code = codes.find(({ dashboard }) => dashboard.uid === problem.dashboard);
    return code ? [{ ...problem, place: { ...problem.place, file: code.path } }] : [];
  });
  if (!stdout) tell(context, codes);
  await context.report([...problems, ...found]);
  return hasErrors([...problems, ...found]) ? 1 : 0;
}

/** A folder relative to the project. Throws a ProblemError for one outside it. */
function folderIn(root: string, out: string): string {
  const folder = relative(root, resolve(root, out));
  if (!folder.startsWith("..") && !isAbsolute(folder)) return folder;
  throw new ProblemError([
    {
      id: "dashboard-import",
      severity: "error",
      what: `${out} is not in the project.`,
      why: "obs.config.ts imports what is written there.",
      next: "Name a folder of the project, or print it: --stdout.",
    },
  ]);
}

async function sourceOf(path: string): Promise<{ name: string; text: string }> {
  if (path === "-") return { name: "stdin", text: await readAll(process.stdin) };
  const file = resolve(path);
  const name = shownFrom(process.cwd(), file);
  try {
    return { name, text: await readFile(file, "utf8") };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProblemError([
      {
        id: "dashboard-import",
        severity: "error",
        what: code === "ENOENT" ? `There is no ${name}.` : `${name} can't be read (${code}).`,
      },
    ]);
  }
}

/** Two of the same title don't write the same file. */
function freeName({ fileName, dashboard }: DashboardCode, others: readonly Written[]): string {
  const taken = others.some((other) => other.fileName === fileName);
  return taken ? `${fileName}-${dashboard.uid}` : fileName;
}

function tell(context: Context, codes: readonly Written[]): void {
  for (const { path, dashboard } of codes) context.print(`${path}: ${dashboard.title}`);
  const [first] = codes;
  if (!first) return;
  const names = codes.map(({ exported }) => exported).join(", ");
  context.note(
    `Next: import ${codes.length === 1 ? "it" : "them"} in obs.config.ts (import { ${first.exported} } from "./${importPath(first.path)}"), ` +
      `and list ${codes.length === 1 ? "it" : "them"}: dashboards: [..., ${names}].`,
  );
}
