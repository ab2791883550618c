import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Problem } from "../../validate/problem.js";
import { ProblemError } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import type { RulePack } from "../define-rules.js";
import { type RuleInPack, rulesOf } from "./subset.js";

/** What arguments of `obs test` stand for. */
export interface Choice {
  wanted: (rule: RuleInPack) => boolean;
  /** Test files of promtool that were named, absolute. */
  files: string[];
}

/**
 * Which rules and test files are meant by arguments: names of packs, names of rules (`*` and `?` stand for any characters),
 * test files. Without any: everything, and `files` is left to the caller. Throws a ProblemError for what is none of these.
 */
export function choose(args: readonly string[], packs: readonly RulePack[], cwd: string): Choice {
  if (args.length === 0) return { wanted: () => true, files: [] };
  const rules = rulesOf(packs);
  const names = [...packs.map(({ name }) => name), ...rules.map(({ rule }) => rule.name)];
  const files: string[] = [];
  const patterns: RegExp[] = [];
  const unknown: Problem[] = [];
  for (const arg of args) {
    const pattern = globPattern(arg);
    if (names.some((name) => pattern.test(name))) patterns.push(pattern);
    else if (isFile(resolve(cwd, arg))) files.push(resolve(cwd, arg));
    else unknown.push(unknownName(arg, names));
  }
  if (unknown.length > 0) throw new ProblemError(unknown, 2);
  return {
    files,
    wanted: ({ pack, rule }) =>
      patterns.some((pattern) => pattern.test(pack.name) || pattern.test(rule.name)),
  };
}

function globPattern(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function unknownName(arg: string, names: readonly string[]): Problem {
  const meant = didYouMean(arg, names);
  return {
    id: "unknown-rule",
    severity: "error",
    what: `No pack, rule or test file is called "${arg}".`,
    next: meant
      ? `Did you mean "${meant}"?`
      : names.length === 0
        ? "The definition has no packs: give it some as alerting.packs."
        : "`obs test` runs all; a * stands for any characters.",
  };
}
