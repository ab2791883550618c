import { type Aggregation, bare, labelsOf, type Node, setOperators } from "../../promql/index.js";
import { excerpt, queryCheck } from "../queries.js";

/** Queries whose result changes its series for reasons that have nothing to do with the matter. */
export const promqlFragile = queryCheck("promql-fragile", "notice", function* (query) {
  for (const node of query.binaries) {
    if (node.matching || setOperators.has(node.operator)) continue;
    const left = without(node.left);
    const right = without(node.right);
    if (left && right && metricOf(left) !== metricOf(right))
      yield {
        at: { from: node.operatorFrom, to: node.operatorTo },
        what: `Both sides of \`${node.operator}\` are grouped by \`without\`, over different metrics.`,
        why: "A label that only one of them gets some day makes all partners differ, and the result empty.",
        next: "Group by the labels you mean: `by (...)`, or match `on (...)`.",
      };
  }
  for (const node of query.aggregations) {
    if (node.name !== "topk" && node.name !== "bottomk") continue;
    if (isPutTogether(node) || isAlwaysTheSame(node) || isPartner(node)) continue;
    yield {
      at: node,
      what: `\`${excerpt(query, node)}\` has other series from one evaluation to the next.`,
      ...(query.rule.kind === "record"
        ? {
            why: "The recorded series come and go: rates and averages over time of them are of nothing in particular.",
            next: "Record all of them, and take the largest where they are shown.",
          }
        : {
            why: query.rule.for
              ? "An alert with `for` starts to wait anew whenever its series falls out of the few."
              : "Whenever a series falls out of the few its alert is resolved, and another one fires.",
            next: "Compare all of them with a threshold.",
          }),
    };
  }
});

/** Within another aggregation, that keeps no labels, which series they are doesn't show. */
function isPutTogether(node: Node): boolean {
  for (let outer = node.parent; outer; outer = outer.parent)
    if (outer.kind === "aggregation" && !outer.grouping && outer.name !== "topk" && outer.name !== "bottomk")
      return true;
  return false;
}

/** `a * on (pod) group_left (node) topk by (pod) (1, b)`: one of several partners alike, and the series are those of a. */
function isPartner(node: Node): boolean {
  let inner = node;
  while (inner.parent?.kind === "paren") inner = inner.parent;
  const { parent } = inner;
  if (parent?.kind !== "binary" || !parent.matching?.group) return false;
  return inner === (parent.matching.group.many === "left" ? parent.right : parent.left);
}

/** The one largest of what has no labels but those it is grouped by. */
function isAlwaysTheSame({ grouping, expr }: Aggregation): boolean {
  const labels = labelsOf(expr);
  if (labels.kind === "any" || grouping?.without) return false;
  const by = new Set(grouping?.labels.map(({ name }) => name));
  return [...labels.names].every((name) => by.has(name));
}

function without(root: Node): Aggregation | undefined {
  const node = bare(root);
  return node.kind === "aggregation" && node.grouping?.without && node.grouping.labels.length > 0
    ? node
    : undefined;
}

function metricOf(aggregation: Aggregation): string | undefined {
  let node: Node = aggregation;
  for (;;) {
    node = bare(node);
    if (node.kind === "aggregation" || node.kind === "subquery") node = node.expr;
    else if (node.kind === "call" && node.args.length > 0)
      node = node.args.find(({ type }) => type !== "scalar" && type !== "string") ?? node.args[0]!;
    else if (node.kind === "range") node = node.selector;
    else
      return node.kind === "selector" ? node.metric?.replace(/_(?:total|sum|count|bucket)$/, "") : undefined;
    if (node.kind === "number" || node.kind === "string") return undefined;
  }
}
