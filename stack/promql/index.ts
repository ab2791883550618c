import type { Aggregation, Binary, Call, Node, RangeSelector, Selector, Subquery } from "./ast.js";
import type { ValueType } from "./functions.js";
import { parse, type QueryError } from "./parse.js";

export type * from "./ast.js";
export { bare, childrenOf, comparisons, setOperators } from "./ast.js";
export { compare, constantOf } from "./fold.js";
export { functions, type Signature, type ValueType } from "./functions.js";
export {
  absentLabels,
  eitherOf,
  type LabelReader,
  type LabelSet,
  labelReader,
  labelsOf,
  mayHave,
  withLabels,
  withoutLabels,
} from "./labels.js";
export { matchesEmpty, type QueryError } from "./parse.js";
export { labelRegexp } from "./regexp.js";

/** An expression taken apart. The lists hold what was read up to the first syntax error, inner parts before outer ones. */
export interface Analysis {
  /** Undefined where the expression could not be read to its end. */
  tree?: Node;
  /** For what Prometheus refuses the expression, by place; empty for a valid one. */
  errors: QueryError[];
  /** Type of the whole; undefined without a tree. */
  type?: ValueType;
  nodes: Node[];
  selectors: Selector[];
  ranges: RangeSelector[];
  subqueries: Subquery[];
  calls: Call[];
  aggregations: Aggregation[];
  binaries: Binary[];
}

const known = new Map<string, Analysis>();

/**
 * Reads a PromQL expression: syntax, types, regular expressions, with the verdict of `promtool check rules` 3.15.
 * Pure and never throws. The result is shared with everyone who asks about the same text: change nothing in it.
 */
export function analyse(expr: string): Analysis {
  let found = known.get(expr);
  if (!found) {
    found = take(expr);
    if (known.size >= 20_000) known.clear();
    known.set(expr, found);
  }
  return found;
}

function take(expr: string): Analysis {
  const { tree, nodes, errors } = parse(expr);
  const analysis: Analysis = {
    tree,
    errors,
    type: tree?.type,
    nodes,
    selectors: [],
    ranges: [],
    subqueries: [],
    calls: [],
    aggregations: [],
    binaries: [],
  };
  for (const node of nodes) {
    if (node.kind === "selector") analysis.selectors.push(node);
    else if (node.kind === "range") analysis.ranges.push(node);
    else if (node.kind === "subquery") analysis.subqueries.push(node);
    else if (node.kind === "call") analysis.calls.push(node);
    else if (node.kind === "aggregation") analysis.aggregations.push(node);
    else if (node.kind === "binary") analysis.binaries.push(node);
  }
  return analysis;
}
