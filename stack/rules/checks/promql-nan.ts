import {
  type Aggregation,
  type Binary,
  bare,
  comparisons,
  constantOf,
  type Node,
} from "../../promql/index.js";
import { boundsOf } from "../bounds.js";
import type { RuleCheckContext } from "../check.js";
import { excerpt, type Query, type QueryFinding, queryCheck, recordings } from "../queries.js";
import { labelsIn } from "../record-labels.js";

/** Divisions by what is or may be 0, and comparisons with NaN. */
export const promqlNan = queryCheck("promql-nan", "warning", function* (query, context) {
  for (const node of query.aggregations) if (adding.has(node.name)) yield* spoilt(node, query, context);
  for (const node of query.binaries) {
    if (node.operator === "/" || node.operator === "%") {
      const divisor = constantOf(node.right);
      if (divisor === 0)
        yield {
          at: node.right,
          what: `\`${excerpt(query, node)}\` divides by 0: the result is infinite or NaN.`,
        };
      else if (isDifference(node.right))
        yield {
          at: node.right,
          severity: "notice",
          what: `\`${excerpt(query, node.right)}\`, which is divided by, may be 0.`,
          why: "The result is then infinite, and larger than any threshold, or NaN, which no comparison holds for.",
          next: `Leave such series out: \`/ (${excerpt(query, bare(node.right))} != 0)\`.`,
        };
    }
    if (comparisons.has(node.operator))
      for (const side of [node.left, node.right])
        if (isNan(side))
          yield {
            at: side,
            what: `\`${node.operator}\` with NaN ${node.operator === "!=" ? "always" : "never"} holds.`,
            next: "NaN is the one value that differs from itself: to find it, write `x != x`.",
          };
  }
});

/** Aggregations whose result is NaN or infinite as soon as one value is. */
const adding = new Set(["sum", "avg", "stddev", "stdvar"]);

/** A division within a sum: one series that divides by 0 spoils all of it. */
function* spoilt(node: Aggregation, query: Query, context: RuleCheckContext): Generator<QueryFinding> {
  const { name, expr } = node;
  const open: Node[] = [expr];
  for (let part = open.pop(); part; part = open.pop()) {
    const inner = bare(part);
    if (inner.kind === "selector") {
      const record = inner.metric === undefined ? undefined : recordings(context).get(inner.metric);
      if (record && record !== query && divides(record.tree) && !isEachAlone(node, context))
        yield {
          at: inner,
          what: `\`${inner.metric}\` is a quotient, which is NaN where it is recorded from 0 / 0: then the whole \`${name}\` is.`,
          why: "NaN and infinity pass through additions.",
          next: "Leave such series out in the record: `/ (... > 0)`. Better, record both sides, and divide their sums.",
        };
    } else if (inner.kind === "binary") {
      if (isDivision(inner) && mayBeZero(inner.right) && !isEachAlone(node, context))
        yield {
          at: inner.right,
          what: `Where \`${excerpt(query, inner.right)}\` is 0, the whole \`${name}\` is NaN or infinite.`,
          why: "NaN and infinity pass through additions: one such series is enough.",
          next: `Leave it out: \`/ (${excerpt(query, bare(inner.right))} > 0)\`. A quotient of all is that of the sums: \`sum(...) / sum(...)\`.`,
        };
      if (!comparisons.has(inner.operator) || !inner.bool) open.push(inner.left);
    } else if (inner.kind === "unary") open.push(inner.expr);
  }
}

/** Grouped by all the labels there are, each series is a group of its own. */
function isEachAlone({ expr, grouping }: Aggregation, context: RuleCheckContext): boolean {
  const labels = labelsIn(context)(expr);
  if (labels.kind === "any" || grouping?.without) return false;
  const by = new Set(grouping?.labels.map((label) => label.name));
  return [...labels.names].every((label) => label === "__name__" || by.has(label));
}

function isDivision({ operator, left, right }: Binary): boolean {
  return (operator === "/" || operator === "%") && left.type === "vector" && right.type === "vector";
}

function divides(tree: Node): boolean {
  const node = bare(tree);
  return node.kind === "binary" && isDivision(node) && mayBeZero(node.right);
}

/** Sizes and limits of what is there: nothing has none. */
const neverZero =
  /(?:_size_bytes|_limit(?:_bytes)?|_max(?:_bytes)?|_capacity(?:_bytes)?|Total_bytes|_info|_cpus?|_count:cpu)$/;

function mayBeZero(root: Node): boolean {
  const node = bare(root);
  const bounds = boundsOf(node);
  if (bounds && (bounds.least > 0 || bounds.most < 0)) return false;
  switch (node.kind) {
    case "selector":
      return !neverZero.test(node.metric ?? "");
    case "binary": {
      const limit = constantOf(node.right);
      if (limit !== undefined && comparisons.has(node.operator) && !node.bool)
        return !excludesZero(node.operator, limit) && mayBeZero(node.left);
      // Something added to what can't be negative: `1 + rate(...)`.
      if (node.operator === "+") {
        const [a, b] = [boundsOf(node.left), boundsOf(node.right)];
        return !(a && b && a.least + b.least > 0);
      }
      if (node.operator === "*") return mayBeZero(node.left) || mayBeZero(node.right);
      return true;
    }
    case "aggregation":
      return !/^(?:sum|min|max|avg|quantile|topk|bottomk)$/.test(node.name) || mayBeZero(node.expr);
    case "call":
      return !/^(?:min|max|avg|last|sum)_over_time$/.test(node.name) || mayBeZero(node.args[0]!);
    case "range":
      return mayBeZero(node.selector);
    default:
      return true;
  }
}

function excludesZero(operator: string, limit: number): boolean {
  if (operator === "!=") return limit === 0;
  if (operator === ">") return limit >= 0;
  if (operator === ">=" || operator === "==") return limit > 0;
  return operator === "<" ? limit <= 0 : limit < 0;
}

function isNan(node: Node): boolean {
  const inner = bare(node);
  return inner.kind === "number" && Number.isNaN(inner.value);
}

function isDifference(node: Node): boolean {
  const inner = bare(node);
  return (
    inner.kind === "binary" &&
    inner.operator === "-" &&
    // Nothing is of this very moment: `time() - x`.
    inner.left.type === "vector" &&
    inner.right.type === "vector" &&
    constantOf(inner.right) === undefined
  );
}
