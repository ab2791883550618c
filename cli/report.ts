import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Problem } from "../stack/validate/problem.js";
import { wantsColor } from "./color.js";

/** Prints findings to stderr as text. Their places are relative to the project's folder, by default the working directory. */
export async function reportProblems(problems: readonly Problem[], root = process.cwd()): Promise<void> {
  if (problems.length === 0) return;
  const { formatProblems } = await import("./reporters/text.js");
  process.stderr.write(
    formatProblems(problems, {
      color: wantsColor(process.stderr),
      width: Math.min(process.stderr.columns ?? 100, 120),
      readFile: keepingLast((path) => readQuietly(isAbsolute(path) ? path : join(root, path))),
    }),
  );
}

/** Findings are sorted by file: reading each file once is a matter of remembering the last one. */
function keepingLast<T>(read: (path: string) => T): (path: string) => T {
  let last: { path: string; content: T } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, content: read(path) };
    return last.content;
  };
}

function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
