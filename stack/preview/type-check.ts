import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { PreviewProblem } from "../../dashboards/preview/api.js";
import { packageRoot } from "../package-root.js";
import { type Project, shownPath } from "../project.js";

/** More are no help: they come of one mistake. */
const most = 20;

/**
 * What the TypeScript compiler finds in the files of the project that its tsconfig.json names. Evaluating a definition
 * doesn't look at types. Undefined where the project has no tsconfig.json, or neither it nor obs has a compiler.
 */
export async function checkTypes(
  project: Project,
  signal: AbortSignal,
): Promise<PreviewProblem[] | undefined> {
  const compiler = compilerOf(project);
  if (compiler === undefined || !existsSync(join(project.root, "tsconfig.json"))) return undefined;
  const said = await new Promise<string>((done) => {
    const args = [compiler, "--project", project.root, "--noEmit", "--pretty", "false"];
    // Ends with an error whenever there is one in the files; whatever else went wrong says nothing of them.
    execFile(process.execPath, args, { cwd: project.root, signal, maxBuffer: 16e6 }, (_error, stdout) =>
      done(stdout),
    );
  });
  return parseDiagnostics(project, said);
}

/** Reads what `tsc --pretty false` prints: `file.ts(3,7): error TS2322: text`, longer ones with indented lines below. */
export function parseDiagnostics(project: Project, said: string): PreviewProblem[] {
  const problems: PreviewProblem[] = [];
  for (const line of said.split("\n")) {
    const match = /^(\S.*)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line);
    if (match) {
      const [, file = "", row, column, code, text = ""] = match;
      problems.push({
        id: "type-error",
        severity: "error",
        what: text,
        why: `The TypeScript compiler says so (${code}).`,
        place: {
          file: shownPath(project, resolve(project.root, file)),
          line: Number(row),
          column: Number(column),
        },
      });
    } else if (/^\s+\S/.test(line)) {
      const last = problems.at(-1);
      if (last) last.output = [...(last.output ?? []), line.trim()];
    }
  }
  return problems.slice(0, most);
}

/** The project's own compiler, else the one that obs was built with, which a clone has. */
function compilerOf({ configFile }: Project): string | undefined {
  for (const from of [configFile, join(packageRoot, "package.json")]) {
    try {
      const file = join(dirname(createRequire(from).resolve("typescript/package.json")), "bin", "tsc");
      if (existsSync(file)) return file;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
