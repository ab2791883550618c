import type { RuleFileKind, RuleLanguage } from "./model.js";

/*
 * Nothing in a rule file says which language its expressions are in. In this order:
 * 1. a comment `# obs: logql` or `# obs: promql` in the file,
 * 2. a folder or file name with the word loki in it: `loki/`, `rules/loki-errors.yml`,
 * 3. a pipe outside quotes and comments in an expression: LogQL's line filters and parsers have one, PromQL has none.
 * Else it is PromQL. An expression that means the same in both (`rate({job="x"}[5m])`) is taken for PromQL.
 */

/** The language that a comment or the path of a file settles on for all of it; undefined where neither does. */
export function declaredLanguage(path: string, text: string): RuleLanguage | undefined {
  const comment = /^[ \t]*#[ \t]*obs:[ \t]*(logql|promql)[ \t]*$/m.exec(text)?.[1];
  if (comment) return comment as RuleLanguage;
  return path.split(/[\\/]/).some((part) => /(^|[._-])loki([._-]|$)/i.test(part)) ? "logql" : undefined;
}

/** Whether an expression can be LogQL only. */
export function onlyLogql(expr: string): boolean {
  if (!expr.includes("|")) return false;
  return expr.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*/gs, "").includes("|");
}

/** What a file is for, when it isn't Kubernetes': Loki's as soon as one of its groups is in LogQL. */
export function kindFor(
  languages: readonly RuleLanguage[],
  declared: RuleLanguage | undefined,
): RuleFileKind {
  return declared === "logql" || languages.includes("logql") ? "loki" : "prometheus";
}
