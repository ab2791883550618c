import { bare, compare, comparisons, constantOf, type Node } from "../../promql/index.js";
import { boundsOf } from "../bounds.js";
import { excerpt, queryCheck } from "../queries.js";

/** Alerts without a condition, and comparisons that always or never hold. */
export const promqlComparison = queryCheck("promql-comparison", "warning", function* (query) {
  for (const node of query.binaries) {
    if (!comparisons.has(node.operator)) continue;
    const verdict = alwaysOrNever(node.left, node.operator, node.right);
    if (verdict === undefined) continue;
    // `count(...) == 0` and its like are for promql-absent, which knows what was meant.
    if (!verdict && bare(node.left).kind === "aggregation" && isCount(bare(node.left))) continue;
    const bounds = boundsOf(node.left) ?? boundsOf(node.right);
    yield {
      at: { from: node.operatorFrom, to: node.operatorTo },
      what: `\`${excerpt(query, node)}\` ${verdict ? "always holds" : "never holds"}.`,
      why:
        constantOf(node.left) !== undefined && constantOf(node.right) !== undefined
          ? "Both sides are fixed numbers."
          : bounds && `Its values lie between ${show(bounds.least)} and ${show(bounds.most)}.`,
    };
  }
  if (query.rule.kind !== "alert" || isDeadMansSwitch(query.tree) || hasCondition(query.tree)) return;
  yield {
    at: query.tree,
    what: `The alert "${query.rule.name.value}" has no condition.`,
    why: "It fires for every series that the query finds, whatever its value.",
    next: "Compare the value with a threshold, such as `> 0`.",
  };
});

function show(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "any number" : String(value);
}

function isCount(node: Node): boolean {
  return node.kind === "aggregation" && node.name === "count";
}

/** `vector(1)` alone is how an alert that shall always fire is written. */
function isDeadMansSwitch(tree: Node): boolean {
  return constantOf(tree) !== undefined;
}

function alwaysOrNever(left: Node, operator: string, right: Node): boolean | undefined {
  const a = boundsOf(left);
  const b = boundsOf(right);
  if (!a || !b) return undefined;
  if (a.least === a.most && b.least === b.most) return compare(operator, a.least, b.least);
  switch (operator) {
    case ">":
      return a.least > b.most ? true : a.most <= b.least ? false : undefined;
    case ">=":
      return a.least >= b.most ? true : a.most < b.least ? false : undefined;
    case "<":
      return a.most < b.least ? true : a.least >= b.most ? false : undefined;
    case "<=":
      return a.most <= b.least ? true : a.least > b.most ? false : undefined;
    case "==":
      return a.most < b.least || a.least > b.most ? false : undefined;
    case "!=":
      return a.most < b.least || a.least > b.most ? true : undefined;
    default:
      return undefined;
  }
}

/** Whether an expression can come out empty though its series are there. */
function hasCondition(root: Node): boolean {
  // Alternatives joined by `or` must each have one; of everything else, one part with a condition is enough.
  const alternatives: Node[] = [root];
  for (let node = alternatives.pop(); node; node = alternatives.pop()) {
    const inner = bare(node);
    if (inner.kind === "binary" && inner.operator === "or") alternatives.push(inner.left, inner.right);
    else if (!filters(inner)) return false;
  }
  return true;
}

function filters(root: Node): boolean {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    switch (node.kind) {
      case "binary":
        if (node.operator === "and" || node.operator === "unless") return true;
        if (comparisons.has(node.operator) && !node.bool) return true;
        if (node.operator === "</" || node.operator === ">/") return true;
        open.push(node.left, node.right);
        break;
      case "call":
        if (/^(?:absent|absent_over_time|present_over_time)$/.test(node.name)) return true;
        if (node.name !== "scalar") open.push(...node.args);
        break;
      case "aggregation":
      case "paren":
      case "unary":
      case "subquery":
        open.push(node.expr);
        break;
      case "selector":
        // Another rule may have put the condition there.
        if (node.metric?.includes(":") || node.metric === "ALERTS") return true;
        break;
      default:
        break;
    }
  }
  return false;
}
