import {
  eitherOf,
  type LabelReader,
  type LabelSet,
  labelReader,
  withLabels,
  withoutLabels,
} from "../promql/index.js";
import type { RuleCheckContext } from "./check.js";
import { labelsOf as labelsOfRule, type Rule, rulesOf } from "./model.js";
import { type Query, queriesOf } from "./queries.js";

/** Records of records that are followed; behind that, any label may be there. */
const deepest = 20;

const known = new WeakMap<RuleCheckContext["files"], LabelReader>();

/**
 * Tells the labels of an expression's result, with those that recorded series have by the rules of these files. Made once
 * for all checks of a run.
 */
export function labelsIn({ files }: Pick<RuleCheckContext, "files">): LabelReader {
  const before = known.get(files);
  if (before) return before;
  const makers = makersOf(files);
  const found = new Map<string, LabelSet | undefined>();
  let depth = 0;
  const reader = labelReader((metric) => {
    const queries = makers.get(metric);
    if (!queries || depth >= deepest) return undefined;
    if (!found.has(metric)) {
      // One that is recorded from itself may have any label while it is looked at.
      found.set(metric, undefined);
      depth++;
      found.set(metric, queries.map((query) => ofRecord(query, reader)).reduce(eitherOf));
      depth--;
    }
    return found.get(metric);
  });
  known.set(files, reader);
  return reader;
}

/** The queries that record a name, where all of them are known. */
function makersOf(files: RuleCheckContext["files"]): Map<string, Query[]> {
  const makers = new Map<string, Query[]>();
  const valid = new Set<Rule>();
  for (const query of queriesOf({ files })) {
    if (query.rule.kind !== "record") continue;
    const { value } = query.rule.name;
    makers.set(value, [...(makers.get(value) ?? []), query]);
    valid.add(query.rule);
  }
  for (const rule of rulesOf(files))
    if (rule.kind === "record" && !valid.has(rule)) makers.delete(rule.name.value);
  return makers;
}

function ofRecord({ rule, tree }: Query, labelsOf: LabelReader): LabelSet {
  const labels = [...labelsOfRule(rule)];
  const set = (empty: boolean) =>
    labels.filter(([, { value }]) => (value === "") === empty).map(([name]) => name);
  return withLabels(withoutLabels(labelsOf(tree), set(true)), [...set(false), "__name__"], true);
}
