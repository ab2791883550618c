import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Project } from "../project.js";
import { readRuleText } from "../rules/find-files.js";
import type { RenderContext } from "../services/service.js";
import type { Problem } from "../validate/problem.js";

type RuleFile = RenderContext["ruleFiles"][number];

/** Never the user's own rules: what others installed, and what obs itself wrote. */
const ignored = ["**/node_modules/**", ".obs/**", "stack/generated/**"];

/**
 * Reads the rule files that the patterns of `alerting.rules` match, sorted by path. A pattern that matches nothing is
 * a finding where the user wrote it, not where it is the default.
 */
export async function readRuleFiles(
  project: Project,
  patterns: readonly string[],
  options: { file: string; isDefault: boolean },
): Promise<{ ruleFiles: RuleFile[]; problems: Problem[] }> {
  const { glob } = await import("tinyglobby");
  const matches = await Promise.all(
    patterns.map((pattern) =>
      glob(pattern, { cwd: project.root, ignore: ignored, expandDirectories: false, dot: false }),
    ),
  );
  const sources = [...new Set(matches.flat())].sort();
  const [empty, files] = await Promise.all([
    options.isDefault ? [] : emptyGlobs(project, patterns, matches, options.file),
    Promise.all(sources.map((source) => readOne(project, source))),
  ]);
  const names = uniqueNames(sources);
  return {
    ruleFiles: files.flatMap((file) =>
      "text" in file ? [{ name: names.get(file.source)!, source: file.source, text: file.text }] : [],
    ),
    problems: [...empty, ...files.flatMap((file) => ("problem" in file ? [file.problem] : []))],
  };
}

async function emptyGlobs(
  project: Project,
  patterns: readonly string[],
  matches: readonly (readonly string[])[],
  file: string,
): Promise<Problem[]> {
  const problems = await Promise.all(
    patterns.map(async (pattern, at): Promise<Problem | undefined> => {
      if (matches[at]!.length > 0) return undefined;
      const folder = await isFolder(join(project.root, pattern));
      return {
        id: "empty-rule-glob",
        severity: "error",
        what: folder ? `"${pattern}" is a folder, not a rule file.` : `No rule file matches "${pattern}".`,
        why: "Prometheus would start without these rules and say nothing.",
        next: folder
          ? `Write "${join(pattern, "**/*.{yml,yaml}")}" to take every rule file in it.`
          : "Patterns are relative to the project folder. Mend it, or take it out.",
        place: { file, keyPath: `alerting.rules[${at}]` },
      };
    }),
  );
  return problems.flatMap((problem) => problem ?? []);
}

async function readOne(
  project: Project,
  source: string,
): Promise<{ source: string; text: string } | { problem: Problem }> {
  const read = await readRuleText(join(project.root, source), source);
  return "problem" in read ? read : { source, text: read.source.text };
}

/** One flat folder holds all rule files in the end: `alerts/llm/cost.yaml` becomes `alerts-llm-cost.yml`. */
function uniqueNames(sources: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    sources.map((source) => {
      const base = source.slice(0, source.length - extname(source).length).replaceAll(/[^\w.]+/g, "-");
      const stem = base.replace(/^[-.]+/, "") || "rules";
      let name = `${stem}.yml`;
      for (let count = 2; taken.has(name); count++) name = `${stem}-${count}.yml`;
      taken.add(name);
      return [source, name];
    }),
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
