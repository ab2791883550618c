import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../validate/problem.js";
import type { RuleFile } from "./model.js";

/** Id of what promtool says about rules. */
export const promtoolCheckRulesId = "promtool-check-rules";

/** What promtool said, or why it was not asked. */
export type PromtoolVerdict = { problems: Problem[] } | { notRun: string };

/** A command line of some hundred thousand characters is refused by the system; this many files at a time are not. */
const filesAtOnce = 500;

/**
 * Has `promtool check rules` judge files for Prometheus as they lie on the disk. Rejects when aborted, with no process
 * left. `find` looks promtool up; replaced in tests.
 */
export async function promtoolCheckRules(
  files: readonly RuleFile[],
  options: { signal?: AbortSignal; find?: () => Promise<{ path: string } | undefined> },
): Promise<PromtoolVerdict> {
  const judged = files.filter(({ kind }) => kind === "prometheus");
  if (judged.length === 0) return { notRun: "there is no file for Prometheus" };
  // Loaded only here: whoever goes without promtool doesn't wait for what it takes to run it.
  const { findProgram } = await import("../toolchain/find.js");
  const program = await (options.find ?? (() => findProgram("promtool")))();
  if (!program) return { notRun: "promtool is not installed" };
  const { ruleFileFindings } = await import("../validate/programs/promtool-check-config.js");
  const { runProgram } = await import("../validate/programs/run-program.js");
  const byPath = new Map(judged.map((file) => [file.absolutePath, file]));
  const textOf = new Map(judged.map(({ path, text }) => [path, text]));
  const names = {
    sourceOf: (path: string) => byPath.get(path)?.path,
    textOf: (source: string) => textOf.get(source),
    shown: (line: string) => line,
  };
  const outputFile = join(tmpdir(), `obs-promtool-${randomBytes(6).toString("hex")}`);
  const problems: Problem[] = [];
  try {
    for (let at = 0; at < judged.length; at += filesAtOnce) {
      const some = judged.slice(at, at + filesAtOnce);
      const args = ["check", "rules", ...some.map(({ absolutePath }) => absolutePath)];
      const result = await runProgram(program.path, args, {
        outputFile,
        env: { PATH: process.env.PATH },
        ...(options.signal && { signal: options.signal }),
      });
      if ("unable" in result) return { notRun: result.unable };
      const findings = ruleFileFindings(result.lines, names);
      problems.push(...findings.map((finding) => ({ id: promtoolCheckRulesId, ...finding })));
      if (result.failed && findings.length === 0) return { notRun: "it failed without naming a file" };
    }
  } finally {
    await rm(outputFile, { force: true });
  }
  return { problems };
}

/**
 * What a program says about rule files and obs hasn't said already: nothing about a file in which obs found errors, and no
 * warnings, since promtool's only one is that of duplicate-rule. Findings about other files are left as they are.
 */
export function unsaid(
  said: readonly Problem[],
  own: readonly Problem[],
  ruleFiles: ReadonlySet<string>,
): Problem[] {
  const faulty = new Set(own.filter(({ severity }) => severity === "error").map(({ place }) => place?.file));
  return said.filter(
    ({ severity, place }) =>
      !place || !ruleFiles.has(place.file) || (severity === "error" && !faulty.has(place.file)),
  );
}
