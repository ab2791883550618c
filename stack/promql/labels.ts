import { childrenOf, type Node } from "./ast.js";
import { bottomUp } from "./bottom-up.js";

/**
 * Which labels the series of an expression may have, besides their metric name.
 * `any`: all but `lost`. `only`: none but `names`. A label in either set may still be missing on some series.
 */
export type LabelSet =
  | { kind: "any"; lost: ReadonlySet<string> }
  | { kind: "only"; names: ReadonlySet<string> };

const anyLabel: LabelSet = { kind: "any", lost: new Set() };
const none: LabelSet = { kind: "only", names: new Set() };

/** Whether series of this set may have a label. */
export function mayHave(set: LabelSet, label: string): boolean {
  return set.kind === "only" ? set.names.has(label) : !set.lost.has(label);
}

function keep(set: LabelSet, labels: Iterable<string>): LabelSet {
  return { kind: "only", names: new Set([...labels].filter((label) => mayHave(set, label))) };
}

function drop(set: LabelSet, labels: Iterable<string>): LabelSet {
  if (set.kind === "any") return { kind: "any", lost: new Set([...set.lost, ...labels]) };
  const gone = new Set(labels);
  return { kind: "only", names: new Set([...set.names].filter((label) => !gone.has(label))) };
}

function add(set: LabelSet, labels: Iterable<string>): LabelSet {
  if (set.kind === "only") return { kind: "only", names: new Set([...set.names, ...labels]) };
  const found = new Set(labels);
  return { kind: "any", lost: new Set([...set.lost].filter((label) => !found.has(label))) };
}

function union(a: LabelSet, b: LabelSet): LabelSet {
  if (a.kind === "only") return add(b, a.names);
  if (b.kind === "only") return add(a, b.names);
  return { kind: "any", lost: new Set([...a.lost].filter((label) => b.lost.has(label))) };
}

function intersect(a: LabelSet, b: LabelSet): LabelSet {
  if (a.kind === "only") return keep(b, a.names);
  if (b.kind === "only") return keep(a, b.names);
  return { kind: "any", lost: new Set([...a.lost, ...b.lost]) };
}

const known = new WeakMap<Node, LabelSet>();

/** What is known about the labels of an expression's result; of a number or text: it has none. Linear, without recursion. */
export function labelsOf(root: Node): LabelSet {
  return bottomUp(root, known, childrenOf, fromParts);
}

function fromParts(node: Node): LabelSet {
  const of = (part: Node) => known.get(part)!;
  switch (node.kind) {
    case "number":
    case "string":
      return none;
    case "selector":
      return drop(
        anyLabel,
        node.matchers
          .filter(({ operator, value }) => operator === "=" && value === "")
          .map(({ label }) => label),
      );
    case "range":
      return of(node.selector);
    case "subquery":
    case "paren":
    case "unary":
      return of(node.expr);
    case "aggregation": {
      const inner = of(node.expr);
      if (
        node.name === "topk" ||
        node.name === "bottomk" ||
        node.name === "limitk" ||
        node.name === "limit_ratio"
      )
        return inner;
      const labels = node.grouping?.labels.map(({ name }) => name) ?? [];
      const grouped = node.grouping?.without ? drop(inner, labels) : keep(inner, labels);
      return node.name === "count_values" && node.param?.kind === "string"
        ? add(grouped, [node.param.value])
        : grouped;
    }
    case "call":
      return ofCall(node, of);
    case "binary": {
      const left = of(node.left);
      const right = of(node.right);
      if (node.type === "scalar") return none;
      if (node.left.type !== "vector") return right;
      if (node.right.type !== "vector") return left;
      if (node.operator === "or") return union(left, right);
      if (node.operator === "and" || node.operator === "unless") return left;
      const { matching } = node;
      const include = matching?.group?.include.map(({ name }) => name) ?? [];
      if (matching?.group?.many === "left")
        return add(
          left,
          include.filter((name) => mayHave(right, name)),
        );
      if (matching?.group?.many === "right")
        return add(
          right,
          include.filter((name) => mayHave(left, name)),
        );
      const labels = matching?.labels.map(({ name }) => name) ?? [];
      const both = intersect(left, right);
      if (!matching) return both;
      return matching.on ? keep(both, labels) : drop(both, labels);
    }
  }
}

function ofCall(node: Extract<Node, { kind: "call" }>, of: (part: Node) => LabelSet): LabelSet {
  const { name, args } = node;
  if (node.type === "scalar" || name === "vector") return none;
  const series = args.find(({ type }) => type === "vector" || type === "matrix");
  if (!series) return none;
  const text = (index: number) => {
    const arg = args[index];
    return arg?.kind === "string" ? [arg.value] : [];
  };
  switch (name) {
    case "absent":
    case "absent_over_time":
      return keep(anyLabel, absentLabels(series));
    case "histogram_quantile":
    case "histogram_fraction":
      return drop(of(series), ["le"]);
    case "label_replace":
    case "label_join":
      return add(of(series), text(1));
    default:
      return of(series);
  }
}

/** The labels that `absent` gives its one series: those with one equality matcher, of a plain selector only. */
export function absentLabels(arg: Node): string[] {
  const selector = arg.kind === "range" ? arg.selector : arg;
  if (selector.kind !== "selector") return [];
  const counts = new Map<string, number>();
  for (const { label } of selector.matchers) counts.set(label, (counts.get(label) ?? 0) + 1);
  return selector.matchers
    .filter(
      ({ label, operator, value }) =>
        operator === "=" && value !== "" && label !== "__name__" && counts.get(label) === 1,
    )
    .map(({ label }) => label);
}
