import { type Analysis, analyse, type Node } from "../promql/index.js";
import type { Problem, Severity } from "../validate/problem.js";
import { placeIn, type RuleCheck, type RuleCheckContext } from "./check.js";
import { type Rule, type RuleFile, rulesOf } from "./model.js";

/** A PromQL expression that Prometheus takes, of a rule. */
export interface Query extends Omit<Analysis, "tree"> {
  rule: Rule;
  tree: Node;
  text: string;
}

/** What a check says about a part of a query. */
export interface QueryFinding {
  at: { from: number; to: number };
  what: string;
  why?: string;
  next?: string;
  severity?: Severity;
}

/** A check that looks at one query at a time; invalid ones are left to promql-syntax. */
export function queryCheck(
  id: string,
  severity: Severity,
  find: (query: Query, context: RuleCheckContext) => Iterable<QueryFinding>,
): RuleCheck {
  return {
    id,
    severity,
    run(context) {
      const problems: Problem[] = [];
      for (const query of queriesOf(context))
        for (const { at, ...finding } of find(query, context))
          problems.push({
            id,
            severity,
            ...finding,
            place: placeIn(query.rule.group.file, query.rule.expr, at.from),
          });
      return problems;
    },
  };
}

const known = new WeakMap<readonly RuleFile[], Query[]>();

/** Every PromQL query of some files that Prometheus takes and whose result a rule can use; made once for all checks. */
export function queriesOf({ files }: Pick<RuleCheckContext, "files">): readonly Query[] {
  const before = known.get(files);
  if (before) return before;
  const queries: Query[] = [];
  for (const rule of rulesOf(files)) {
    if (rule.group.language !== "promql") continue;
    const { tree, ...analysis } = analyse(rule.expr.value);
    const usable = analysis.errors.length === 0 && analysis.type !== "matrix" && analysis.type !== "string";
    if (tree && usable) queries.push({ ...analysis, tree, rule, text: rule.expr.value });
  }
  known.set(files, queries);
  return queries;
}

/** A part of a query as written, on one line and not too long. */
export function excerpt({ text }: Pick<Query, "text">, { from, to }: { from: number; to: number }): string {
  const part = text.slice(from, to).replace(/\s+/g, " ");
  return part.length > 60 ? `${part.slice(0, 57)}...` : part;
}

/** Every recording rule's query by the name it is recorded under, of valid ones. */
export function recordings(context: Pick<RuleCheckContext, "files">): ReadonlyMap<string, Query> {
  let found = recorded.get(context.files);
  if (!found) {
    found = new Map();
    for (const query of queriesOf(context))
      if (query.rule.kind === "record") found.set(query.rule.name.value, query);
    recorded.set(context.files, found);
  }
  return found;
}

const recorded = new WeakMap<RuleCheckContext["files"], Map<string, Query>>();
