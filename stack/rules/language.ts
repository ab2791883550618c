import type { RuleFileKind, RuleLanguage } from "./model.js";

/*
 * Nothing in a rule file says which language its expressions are in. In this order:
 * 1. a comment `# obs: logql` or `# obs: promql` in the file,
 * 2. what any expression of the file (in Kubernetes: of the group) can only be: a pipe outside quotes and comments is LogQL's (line filters, parsers), a
 *    metric's name or a selector without a label is PromQL's,
 * 3. a folder or file name with the word loki in it: `loki/`, `rules/loki-errors.yml`.
 * Else it is PromQL: what means the same in both (`rate({job="x"}[5m])`) is taken for PromQL.
 */

/** The language that a comment settles on for a whole file; undefined where there is none. */
export function declaredLanguage(text: string): RuleLanguage | undefined {
  if (!text.includes("obs:")) return undefined;
  return /^[ \t]*#[ \t]*obs:[ \t]*(logql|promql)[ \t]*$/m.exec(text)?.[1] as RuleLanguage | undefined;
}

/** The language that some expressions are in together, in a file at a path. */
export function languageOf(exprs: readonly string[], path: string): RuleLanguage {
  if (exprs.some(onlyLogql)) return "logql";
  if (!namesLoki(path) || exprs.some(onlyPromql)) return "promql";
  return "logql";
}

function namesLoki(path: string): boolean {
  return /(?:^|[\\/._-])loki(?:[\\/._-]|$)/i.test(path);
}

/** Whether an expression names a metric, which LogQL has none of. */
function onlyPromql(expr: string): boolean {
  const plain = withoutTexts(expr);
  return (
    /[A-Za-z_:][\w:]*\s*[{[]/.test(plain) || (!plain.includes("{") && /[A-Za-z_:]\w*(?!\w*\s*\()/.test(plain))
  );
}

/** Whether an expression can be LogQL only. */
function onlyLogql(expr: string): boolean {
  if (!expr.includes("|")) return false;
  return withoutTexts(expr).includes("|");
}

function withoutTexts(expr: string): string {
  return expr.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*/gs, "");
}

/** What a file is for, when it isn't Kubernetes': Loki's as soon as one of its groups is in LogQL. */
export function kindFor(
  languages: readonly RuleLanguage[],
  declared: RuleLanguage | undefined,
): RuleFileKind {
  return declared === "logql" || languages.includes("logql") ? "loki" : "prometheus";
}
