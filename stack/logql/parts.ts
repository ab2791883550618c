import type { SyntaxNode, Tree } from "@lezer/common";
import type { LabelName, Matcher, MatchOperator } from "../promql/index.js";
import { unquote } from "../promql/literals.js";

/** What checks look at in a valid LogQL expression. */
export interface LogqlParts {
  /** The matchers of each stream selector. */
  selectors: Matcher[][];
  /** Those of label filters in pipelines. */
  filters: Matcher[];
  /** Labels that the result is grouped by. */
  groupedBy: LabelName[];
  /** Whether it can come out empty though there are logs. */
  hasCondition: boolean;
}

const operators: Readonly<Record<string, MatchOperator>> = { Eq: "=", Neq: "!=", Re: "=~", Nre: "!~" };
const comparisons = new Set(["Gtr", "Gte", "Lss", "Lte", "Eql", "Neq"]);

/** Takes a valid expression's tree apart. Linear, without recursion. */
export function logqlParts(tree: Tree, expr: string): LogqlParts {
  const parts: LogqlParts = { selectors: [], filters: [], groupedBy: [], hasCondition: false };
  let aggregated = -1;
  let selected = -1;
  const cursor = tree.cursor();
  do {
    const { name, from, to } = cursor;
    if (name === "Selector") {
      parts.selectors.push([]);
      selected = to;
    } else if (name === "Matcher") {
      const matcher = matcherOf(cursor.node, expr);
      if (matcher) (from < selected ? parts.selectors.at(-1)! : parts.filters).push(matcher);
    } else if (name === "VectorAggregationExpr" && from >= aggregated) {
      aggregated = to;
      parts.groupedBy.push(...groupedBy(cursor.node, expr));
    } else if (name === "AbsentOverTime" || name === "Unless") parts.hasCondition = true;
    else if (comparisons.has(name)) parts.hasCondition ||= isCondition(cursor.node);
  } while (cursor.next());
  return parts;
}

function matcherOf(node: SyntaxNode, expr: string): Matcher | undefined {
  const label = node.firstChild;
  const operator = operators[label?.nextSibling?.name ?? ""];
  const text = node.getChild("String");
  const value = text && unquote(expr.slice(text.from, text.to));
  if (!label || !operator || !text || !value) return undefined;
  return {
    label: expr.slice(label.from, label.to),
    operator,
    value: value.value,
    from: node.from,
    to: node.to,
    valueFrom: text.from,
    valueTo: text.to,
    valueOffset: (index) => text.from + value.offsetOf(index),
  };
}

function groupedBy(node: SyntaxNode, expr: string): LabelName[] {
  const grouping = node.getChild("Grouping");
  if (!grouping?.getChild("By")) return [];
  const found: LabelName[] = [];
  const cursor = grouping.cursor();
  do
    if (cursor.name === "Identifier")
      found.push({ name: expr.slice(cursor.from, cursor.to), from: cursor.from, to: cursor.to });
  while (cursor.next() && cursor.from < grouping.to);
  return found;
}

/** A comparison of values, that isn't made 0 or 1 by `bool`. */
function isCondition({ parent, nextSibling }: SyntaxNode): boolean {
  return parent?.name === "BinOpExpr" && !nextSibling?.getChild("Bool");
}
