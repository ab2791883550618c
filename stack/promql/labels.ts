import {
  childrenOf,
  comparisons,
  type Node,
  type NumberLiteral,
  type Selector,
  type StringLiteral,
} from "./ast.js";
import { bottomUp } from "./bottom-up.js";
import { matchesEmpty } from "./parse.js";

/**
 * Which labels the series of an expression may have; the metric name is the label `__name__`.
 * `any`: all but `lost`. `only`: none but `names`. A label in either set may still be missing on some series, but for
 * those in `sure`.
 */
export type LabelSet = (
  | { kind: "any"; lost: ReadonlySet<string> }
  | { kind: "only"; names: ReadonlySet<string> }
) & {
  /** What every one of the series has. */
  sure: ReadonlySet<string>;
};

const nothing: ReadonlySet<string> = new Set();
const name: ReadonlySet<string> = new Set(["__name__"]);
const anySeries: LabelSet = { kind: "any", lost: nothing, sure: name };
const anyUnnamed: LabelSet = { kind: "any", lost: name, sure: nothing };
const none: LabelSet = { kind: "only", names: nothing, sure: nothing };

/** Whether series of this set may have a label. */
export function mayHave(set: LabelSet, label: string): boolean {
  return set.kind === "only" ? set.names.has(label) : !set.lost.has(label);
}

function filtered(labels: ReadonlySet<string>, keep: (label: string) => boolean): ReadonlySet<string> {
  for (const label of labels) if (!keep(label)) return new Set([...labels].filter(keep));
  return labels;
}

function joined(labels: ReadonlySet<string>, more: Iterable<string>): ReadonlySet<string> {
  for (const label of more) if (!labels.has(label)) return new Set([...labels, ...more]);
  return labels;
}

function keep(set: LabelSet, labels: readonly string[]): LabelSet {
  const names = new Set(labels.filter((label) => mayHave(set, label)));
  return { kind: "only", names, sure: filtered(set.sure, (label) => names.has(label)) };
}

/** A set without some labels. */
export function withoutLabels(set: LabelSet, labels: Iterable<string>): LabelSet {
  if (set === anySeries && labels === name) return anyUnnamed;
  const gone = labels instanceof Set ? (labels as ReadonlySet<string>) : new Set(labels);
  if (gone.size === 0) return set;
  const sure = filtered(set.sure, (label) => !gone.has(label));
  if (set.kind === "any") return { kind: "any", lost: joined(set.lost, gone), sure };
  return { kind: "only", names: filtered(set.names, (label) => !gone.has(label)), sure };
}

/** A set whose series may have some labels more; `surely`: all of them do. */
export function withLabels(set: LabelSet, labels: readonly string[], surely = false): LabelSet {
  if (labels.length === 0) return set;
  const sure = surely ? joined(set.sure, labels) : filtered(set.sure, (label) => !labels.includes(label));
  if (set.kind === "only") return { kind: "only", names: joined(set.names, labels), sure };
  return { kind: "any", lost: filtered(set.lost, (label) => !labels.includes(label)), sure };
}

/** What series of either set may have. */
export function eitherOf(a: LabelSet, b: LabelSet): LabelSet {
  const sure = filtered(a.sure, (label) => b.sure.has(label));
  if (a.kind === "only" && b.kind === "only") return { kind: "only", names: joined(a.names, b.names), sure };
  if (a.kind === "any" && b.kind === "any")
    return { kind: "any", lost: filtered(a.lost, (label) => b.lost.has(label)), sure };
  const [any, only] = a.kind === "any" ? [a, b] : [b, a];
  return {
    kind: "any",
    lost: filtered((any as { lost: ReadonlySet<string> }).lost, (label) => !mayHave(only, label)),
    sure,
  };
}

/** Labels that are the same on both sides. */
function common(a: LabelSet, b: LabelSet): LabelSet {
  const sure = joined(a.sure, b.sure);
  const set = (): LabelSet => {
    if (a.kind === "only") return keep({ ...b, sure }, [...a.names]);
    if (b.kind === "only") return keep({ ...a, sure }, [...b.names]);
    return { kind: "any", lost: joined(a.lost, b.lost), sure };
  };
  const both = set();
  return { ...both, sure: filtered(both.sure, (label) => mayHave(both, label)) };
}

/** Tells the labels of an expression's result; of a number or text: it has none. */
export type LabelReader = (root: Node) => LabelSet;

/**
 * A reader of labels. `recorded` may know which labels the series of a name have, such as one that a rule records.
 * Linear, without recursion; what was found out once is remembered as long as its query is.
 */
export function labelReader(
  recorded: (metric: string) => LabelSet | undefined = () => undefined,
): LabelReader {
  const known = new WeakMap<Node, LabelSet>();
  const ofLeaf = (node: Leaf) =>
    node.kind === "selector"
      ? ofSelector(node, (node.metric !== undefined && recorded(node.metric)) || anySeries)
      : none;
  // Half of all nodes are leaves: looked at again sooner than remembered.
  const of = (part: Node) => (isLeaf(part) ? ofLeaf(part) : known.get(part)!);
  const compute = (node: Node) => (isLeaf(node) ? ofLeaf(node) : fromParts(node, of));
  return (root) => (isLeaf(root) ? ofLeaf(root) : bottomUp(root, known, innerParts, compute));
}

type Leaf = Selector | NumberLiteral | StringLiteral;

function isLeaf(node: Node): node is Leaf {
  return node.kind === "selector" || node.kind === "number" || node.kind === "string";
}

function innerParts(node: Node): readonly Node[] {
  const parts = childrenOf(node);
  return parts.some(isLeaf) ? parts.filter((part) => !isLeaf(part)) : parts;
}

/** What is known about the labels of an expression's result from the expression alone. */
export const labelsOf: LabelReader = labelReader();

function fromParts(node: Exclude<Node, Leaf>, of: (part: Node) => LabelSet): LabelSet {
  switch (node.kind) {
    case "range":
      return of(node.selector);
    case "subquery":
    case "paren":
      return of(node.expr);
    case "unary":
      return node.type === "scalar"
        ? none
        : withoutLabels(of(node.expr), node.operator === "-" ? name : nothing);
    case "aggregation": {
      const inner = of(node.expr);
      if (selecting.has(node.name)) return inner;
      const labels = node.grouping?.labels.map(({ name }) => name) ?? [];
      const grouped = node.grouping?.without
        ? withoutLabels(inner, [...labels, "__name__"])
        : keep(inner, labels);
      return node.name === "count_values" && node.param?.kind === "string"
        ? withLabels(grouped, [node.param.value], true)
        : grouped;
    }
    case "call":
      return ofCall(node, of);
    case "binary":
      return ofBinary(node, of);
  }
}

const selecting = new Set(["topk", "bottomk", "limitk", "limit_ratio"]);

function ofSelector({ matchers }: Selector, set: LabelSet): LabelSet {
  let gone: string[] | undefined;
  let sure: string[] | undefined;
  for (const matcher of matchers) {
    if (matcher.operator === "=" && matcher.value === "") gone = [...(gone ?? []), matcher.label];
    else if (mayHave(set, matcher.label) && !matchesEmpty(matcher)) sure = [...(sure ?? []), matcher.label];
  }
  const left = gone ? withoutLabels(set, gone) : set;
  return sure ? { ...left, sure: joined(left.sure, sure) } : left;
}

function ofBinary(node: Extract<Node, { kind: "binary" }>, of: (part: Node) => LabelSet): LabelSet {
  const { matching, operator } = node;
  if (node.type === "scalar") return none;
  const left = of(node.left);
  const right = of(node.right);
  if (operator === "or") return eitherOf(left, right);
  if (operator === "and" || operator === "unless") return left;
  const filter = comparisons.has(operator) && !node.bool;
  const named = (set: LabelSet) => (filter ? set : withoutLabels(set, name));
  if (node.left.type !== "vector") return named(right);
  if (node.right.type !== "vector") return named(left);
  const include = matching?.group?.include.map(({ name }) => name) ?? [];
  if (matching?.group) {
    const [many, one] = matching.group.many === "left" ? [left, right] : [right, left];
    const copied = include.filter((label) => mayHave(one, label));
    // What the one side doesn't have is taken from the many, too.
    const kept = withoutLabels(named(many), include);
    return withLabels(
      withLabels(kept, copied),
      copied.filter((label) => one.sure.has(label)),
      true,
    );
  }
  const labels = matching?.labels.map(({ name }) => name) ?? [];
  if (matching?.on) return keep(common(named(left), named(right)), labels);
  const both = common(withoutLabels(left, name), withoutLabels(right, name));
  const result = withoutLabels(both, labels);
  return filter && mayHave(left, "__name__")
    ? withLabels(result, ["__name__"], left.sure.has("__name__"))
    : result;
}

/** Functions whose result keeps the metric's name. */
const naming = new Set([
  "last_over_time", "first_over_time", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "info",
]); // biome-ignore format: one list

function ofCall(node: Extract<Node, { kind: "call" }>, of: (part: Node) => LabelSet): LabelSet {
  const { args } = node;
  if (node.type === "scalar" || node.name === "vector") return none;
  const series = args.find(({ type }) => type === "vector" || type === "matrix");
  if (!series) return none;
  const target = args[1]?.kind === "string" ? [args[1].value] : [];
  switch (node.name) {
    case "absent":
    case "absent_over_time": {
      const labels = new Set(absentLabels(series));
      return { kind: "only", names: labels, sure: labels };
    }
    case "histogram_quantile":
    case "histogram_fraction":
      return withoutLabels(of(series), ["le", "__name__"]);
    case "label_replace":
    case "label_join":
      return withLabels(of(series), target);
    case "info":
      return { kind: "any", lost: nothing, sure: of(series).sure };
    default:
      return naming.has(node.name) ? of(series) : withoutLabels(of(series), name);
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
