import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Project } from "../project.js";
import { readRuleText } from "../rules/find-files.js";
import type { ProjectTextFile } from "../services/service.js";
import type { Problem } from "../validate/problem.js";

/** A list of files in the definition: how it is called, and what is lost where a pattern of it matches nothing. */
interface Kind {
  key: string;
  noun: string;
  /** Of all its files in the end. */
  ending: string;
  example: string;
  empty: { id: string; why: string };
}

/** Rule files of Prometheus. */
export const ruleFileKind: Kind = {
  key: "alerting.rules",
  noun: "rule file",
  ending: ".yml",
  example: "**/*.{yml,yaml}",
  empty: { id: "empty-rule-glob", why: "Prometheus would start without these rules and say nothing." },
};

/** Message templates of Alertmanager. */
export const templateKind: Kind = {
  key: "alerting.templates",
  noun: "template file",
  ending: ".tmpl",
  example: "**/*.tmpl",
  empty: { id: "empty-template-glob", why: "Messages would be written without these templates." },
};

/** Never the user's own files: what others installed, and what obs itself wrote. */
const ignored = ["**/node_modules/**", ".obs/**", "stack/generated/**"];

/**
 * Reads the files that patterns of the definition match, sorted by path. A pattern that matches nothing is a finding where
 * the user wrote it, not where it is the default.
 */
export async function readListedFiles(
  project: Project,
  patterns: readonly string[],
  options: { kind: Kind; file: string; isDefault: boolean },
): Promise<{ files: ProjectTextFile[]; problems: Problem[] }> {
  const { glob } = await import("tinyglobby");
  const matches = await Promise.all(
    patterns.map((pattern) =>
      glob(pattern, { cwd: project.root, ignore: ignored, expandDirectories: false, dot: false }),
    ),
  );
  const sources = [...new Set(matches.flat())].sort();
  const [empty, files] = await Promise.all([
    options.isDefault ? [] : emptyGlobs(project, patterns, matches, options),
    Promise.all(sources.map((source) => readOne(project, source))),
  ]);
  const names = uniqueNames(sources, options.kind.ending);
  return {
    files: files.flatMap((file) =>
      "text" in file ? [{ name: names.get(file.source)!, source: file.source, text: file.text }] : [],
    ),
    problems: [...empty, ...files.flatMap((file) => ("problem" in file ? [file.problem] : []))],
  };
}

async function emptyGlobs(
  project: Project,
  patterns: readonly string[],
  matches: readonly (readonly string[])[],
  { kind, file }: { kind: Kind; file: string },
): Promise<Problem[]> {
  const problems = await Promise.all(
    patterns.map(async (pattern, at): Promise<Problem | undefined> => {
      if (matches[at]!.length > 0) return undefined;
      const folder = await isFolder(join(project.root, pattern));
      return {
        id: kind.empty.id,
        severity: "error",
        what: folder
          ? `"${pattern}" is a folder, not a ${kind.noun}.`
          : `No ${kind.noun} matches "${pattern}".`,
        why: kind.empty.why,
        next: folder
          ? `Write "${join(pattern, kind.example)}" to take every ${kind.noun} in it.`
          : "Patterns are relative to the project folder. Mend it, or take it out.",
        place: { file, keyPath: `${kind.key}[${at}]` },
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

/** One flat folder holds all files of a kind in the end: `alerts/llm/cost.yaml` becomes `alerts-llm-cost.yml`. */
function uniqueNames(sources: readonly string[], ending: string): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    sources.map((source) => {
      const base = source.slice(0, source.length - extname(source).length).replaceAll(/[^\w.]+/g, "-");
      const stem = base.replace(/^[-.]+/, "") || "file";
      let name = `${stem}${ending}`;
      for (let count = 2; taken.has(name); count++) name = `${stem}-${count}${ending}`;
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
