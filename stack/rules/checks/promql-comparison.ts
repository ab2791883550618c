import { type Binary, bare, compare, comparisons, constantOf, type Node } from "../../promql/index.js";
import { type Bounds, boundsOf } from "../bounds.js";
import { excerpt, type Query, type QueryFinding, queryCheck } from "../queries.js";
import { shareOf } from "../share.js";
import { same } from "./promql-impossible.js";

/** Alerts without a condition, and comparisons that always or never hold. */
export const promqlComparison = queryCheck("promql-comparison", "warning", function* (query) {
  for (const node of query.binaries) {
    if (!comparisons.has(node.operator)) continue;
    const verdict = isOneThing(node, query)
      ? onItself[node.operator]
      : alwaysOrNever(node.left, node.operator, node.right);
    const finding =
      verdict === undefined ? (ofShare(node) ?? ofStandIn(node, query)) : decided(node, verdict, query);
    if (finding) yield finding;
  }
  if (query.rule.kind !== "alert" || isDeadMansSwitch(query.tree)) return;
  const culprit = withoutCondition(query.tree);
  if (culprit) yield { at: culprit, ...unconditional(culprit, query) };
});

/** `x > x`; `x != x` is how NaN is found. */
const onItself: Readonly<Record<string, boolean>> = {
  ">": false,
  "<": false,
  ">=": true,
  "<=": true,
  "==": true,
};

function isOneThing({ left, right, matching }: Binary, { text }: Query): boolean {
  return !matching && left.type === "vector" && right.type === "vector" && same(text, left, right);
}

function decided(node: Binary, verdict: boolean, query: Query): QueryFinding | undefined {
  const left = bare(node.left);
  // `count(...) == 0` and its like are for promql-absent, which knows what was meant.
  if (!verdict && left.kind === "aggregation" && left.name === "count") return undefined;
  // `absent(x) == 1`, `count(x > 5) > 0`: the condition is further in, and this one does no harm.
  if (verdict && filters(left)) return undefined;
  const bounds = boundsOf(node.left) ?? boundsOf(node.right);
  return {
    at: { from: node.operatorFrom, to: node.operatorTo },
    what: `\`${excerpt(query, node)}\` ${verdict ? "always holds" : "never holds"}.`,
    why:
      constantOf(node.left) !== undefined && constantOf(node.right) !== undefined
        ? "Both sides are fixed numbers."
        : isOneThing(node, query)
          ? "Both sides are the same."
          : bounds && shown(bounds),
    next: verdict
      ? "Choose a threshold that values can lie on either side of, or take the comparison out."
      : "Choose a threshold that values can reach.",
  };
}

/** A ratio is compared with a per cent, or the other way round. */
function ofShare(node: Binary): QueryFinding | undefined {
  const limit = constantOf(node.right);
  const share = limit === undefined || limit <= 0 ? undefined : shareOf(node.left);
  if (!share || limit === undefined) return undefined;
  const at = { from: node.operatorFrom, to: node.to };
  const asked = `${node.operator} ${limit}`;
  if (share.whole === 1 && limit > 1 && limit <= 100)
    return {
      at,
      what: `\`${asked}\` compares a ratio, which lies between 0 and 1, with what looks like a per cent.`,
      why: `${share.why} It ${node.operator.startsWith("<") || node.operator === "!=" ? "is never more: this always holds" : "never gets there"}.`,
      next: `Write \`${node.operator} ${Number((limit / 100).toPrecision(12))}\`, or multiply by 100.`,
    };
  if (share.whole === 100 && limit > 100)
    return {
      at,
      what: `\`${asked}\` is more than all: the other side is a per cent.`,
      why: share.why,
      next: "Compare with a value between 0 and 100.",
    };
  if (share.whole === 100 && limit < 1)
    return {
      at,
      severity: node.operator.startsWith("<") ? "warning" : "notice",
      what: `\`${asked}\` means ${limit} per cent: the other side was multiplied by 100 or is a per cent.`,
      why: share.why,
      next: `If ${Number((limit * 100).toPrecision(12))} per cent is meant, write \`${node.operator} ${Number((limit * 100).toPrecision(12))}\`.`,
    };
  return undefined;
}

/** `(x or vector(0)) > 80`: what stands in never passes. */
function ofStandIn(node: Binary, query: Query): QueryFinding | undefined {
  const limit = constantOf(node.right);
  const left = bare(node.left);
  if (limit === undefined || node.bool || left.kind !== "binary" || left.operator !== "or") return undefined;
  const value = constantOf(left.right);
  if (value === undefined || compare(node.operator, value, limit) !== false) return undefined;
  return {
    at: { from: left.operatorFrom, to: left.to },
    severity: "notice",
    what: `\`or ${excerpt(query, left.right)}\` does nothing here: ${value} is never ${node.operator} ${limit}.`,
    why: "Where the other side has no series, the comparison leaves nothing over either way.",
    next: "Take it out.",
  };
}

/** Why a part of an alert's query fires whatever the values are. */
function unconditional(culprit: Node, query: Query): Omit<QueryFinding, "at"> {
  const what = `The alert "${query.rule.name.value}" has no condition`;
  const node = bare(culprit);
  const isAll = node === bare(query.tree);
  if (constantOf(node) !== undefined)
    return {
      what: `${what}: \`${excerpt(query, node)}\` is always there.`,
      why: "It fires whenever the other alternatives of `or` find nothing, and beside them.",
      next: "Let it stand in within the comparison: `(... or vector(0)) == 0`.",
    };
  if (node.kind === "binary" && node.bool)
    return {
      what: `${what}: with \`bool\`, \`${excerpt(query, node)}\` is 0 or 1, and fires either way.`,
      why: "An alert fires for every series that the query finds, whatever its value.",
      next: "Take `bool` out.",
    };
  return {
    what: isAll ? `${what}.` : `${what} in \`${excerpt(query, node)}\`.`,
    why: "It fires for every series that the query finds, whatever its value.",
    next: "Compare the value with a threshold, such as `> 0`.",
  };
}

function shown({ least, most }: Bounds): string {
  if (least === most) return `Its value is always ${least}.`;
  if (most === Number.POSITIVE_INFINITY) return `Its values are never below ${least}.`;
  if (least === Number.NEGATIVE_INFINITY) return `Its values are never above ${most}.`;
  return `Its values lie between ${least} and ${most}.`;
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

/** The part of an expression that can't come out empty though its series are there, if there is one. */
function withoutCondition(root: Node): Node | undefined {
  // Alternatives joined by `or` must each have one; of everything else, one part with a condition is enough.
  const alternatives: Node[] = [root];
  for (let node = alternatives.pop(); node; node = alternatives.pop()) {
    const inner = bare(node);
    if (inner.kind === "binary" && inner.operator === "or") alternatives.push(inner.right, inner.left);
    else if (!filters(inner)) return node;
  }
  return undefined;
}

function filters(root: Node): boolean {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    switch (node.kind) {
      case "binary":
        if (node.operator === "unless") return true;
        // That there is a series of a state is a condition; that there is a rate isn't.
        if (node.operator === "and" && bare(node.right).kind === "selector") return true;
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
