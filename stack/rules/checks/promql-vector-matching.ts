import {
  type Binary,
  bare,
  childrenOf,
  constantOf,
  type LabelReader,
  type LabelSet,
  mayHave,
  type Node,
  setOperators,
} from "../../promql/index.js";
import type { RuleCheckContext } from "../check.js";
import { excerpt, type Query, type QueryFinding, queryCheck } from "../queries.js";
import { labelsIn } from "../record-labels.js";

/** Operations between two vectors that find no partners, or too many, by the labels that their sides have. */
export const promqlVectorMatching = queryCheck(
  "promql-vector-matching",
  "warning",
  function* (query, context) {
    const labelsOf = labelsIn(context);
    for (const node of query.binaries) {
      if (node.left.type !== "vector" || node.right.type !== "vector") continue;
      const sides: Sides = { left: labelsOf(node.left), right: labelsOf(node.right) };
      if (node.operator === "or") {
        const finding = standsInForNothing(node, sides, query);
        if (finding) yield finding;
        continue;
      }
      const finding = node.matching?.on
        ? byLabels(node, sides, query)
        : byAllLabels(node, sides, query, context);
      if (finding) yield finding;
      if (node.matching?.group) yield* copied(node, sides, query, labelsOf);
    }
  },
);

interface Sides {
  left: LabelSet;
  right: LabelSet;
}

/** `sum by (job) (x) or vector(0)`: what has no labels is never like what has some. */
function standsInForNothing(node: Binary, { left, right }: Sides, query: Query): QueryFinding | undefined {
  if (node.matching || constantOf(node.right) === undefined || right.kind !== "only") return undefined;
  if (left.kind === "only" ? left.names.size === 0 : mayBeWithoutLabels(node.left)) return undefined;
  // What is put together afterwards has no labels either way. Of an alert's alternatives promql-comparison tells.
  if (isPutTogether(node)) return undefined;
  if (query.rule.kind === "alert" && bare(query.tree) === node) return undefined;
  return {
    at: { from: node.operatorFrom, to: node.to },
    what: `\`or ${excerpt(query, node.right)}\` stands in for no series of \`${excerpt(query, node.left)}\`: it has no labels, and they have.`,
    why: "Series are told apart by all their labels: it is always there, beside the others, as one series more.",
    next: "Use it where no labels are left, `sum(...) or vector(0)`, or for when there is nothing at all: `or on() vector(0)`.",
  };
}

/** Recorded elsewhere, from anything. */
function mayBeWithoutLabels(root: Node): boolean {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === "selector") return node.metric === undefined || node.metric.includes(":");
    open.push(...childrenOf(node));
  }
  return true;
}

function isPutTogether(node: Node): boolean {
  let outer = node.parent;
  while (outer?.kind === "paren") outer = outer.parent;
  return outer?.kind === "aggregation" && !outer.grouping;
}

function byLabels(node: Binary, { left, right }: Sides, query: Query): QueryFinding | undefined {
  const labels = node.matching!.labels;
  for (const label of labels) {
    const [onLeft, onRight] = [mayHave(left, label.name), mayHave(right, label.name)];
    if (onLeft && onRight) continue;
    if (!onLeft && !onRight)
      return {
        at: label,
        what: `\`on\` matches by the label \`${label.name}\`, which neither side has.`,
        why: "It is empty on both, so every series is like every other as far as it goes.",
        next: "Keep it on both sides, in `by (...)`, or take it out here.",
      };
    const without = onLeft ? node.right : node.left;
    const surely = (onLeft ? left : right).sure.has(label.name);
    return {
      at: label,
      what: `\`on\` matches by the label \`${label.name}\`, which \`${excerpt(query, without)}\` doesn't have.`,
      why: surely
        ? "The other side has it on every series: none finds a partner."
        : "Only series that lack it on the other side, too, find a partner.",
      next: "Keep it there, in `by (...)`, or take it out here.",
    };
  }
  return tooMany(node, { left, right }, query);
}

/** `on` picks some labels of sides that are grouped by more: several series on one side are alike then. */
function tooMany(node: Binary, sides: Sides, query: Query): QueryFinding | undefined {
  const { group, labels } = node.matching!;
  if (group || setOperators.has(node.operator)) return undefined;
  const on = new Set(labels.map(({ name }) => name));
  for (const side of ["left", "right"] as const) {
    const set = sides[side];
    if (set.kind !== "only" || isOneSeries(node[side])) continue;
    const more = [...set.names].filter((name) => !on.has(name) && !set.sure.has(name));
    if (more.length === 0) continue;
    return {
      at: node.matching!,
      what: `\`${excerpt(query, node[side])}\` has several series for each ${on.size === 0 ? "partner" : [...on].join(", ")}: they differ in ${more.map((name) => `\`${name}\``).join(", ")}.`,
      why: "With more than one for a partner the evaluation fails: many-to-one matching must be written out.",
      next: `Write \`on(${[...on].join(", ")}) group_${side}\`, or group by ${on.size === 0 ? "nothing" : [...on].join(", ")} only.`,
    };
  }
  return undefined;
}

/** `topk(1, ...)` has one series. */
function isOneSeries(root: Node): boolean {
  const node = bare(root);
  return node.kind === "aggregation" && (node.name === "topk" || node.name === "bottomk");
}

function byAllLabels(
  node: Binary,
  { left, right }: Sides,
  query: Query,
  context: RuleCheckContext,
): QueryFinding | undefined {
  const { matching, operator } = node;
  const ignored = new Set(["__name__", ...(matching?.labels.map(({ name }) => name) ?? [])]);
  const at = { from: node.operatorFrom, to: node.operatorTo };
  const empty = operator === "unless" ? "nothing is ever taken away" : "no series find each other";
  const only = namesIn(left, ignored);
  const others = namesIn(right, ignored);
  if (only && others) {
    const extra = [...only, ...others].filter((label) => !(only.has(label) && others.has(label)));
    if (extra.length === 0) return undefined;
    const list = [...new Set(extra)].map((label) => `\`${label}\``).join(", ");
    return {
      at,
      what: `The sides of \`${operator}\` have different labels, so ${empty}: ${list} only on one.`,
      next: suggestion(node, only, others),
    };
  }
  for (const [has, lacks, name, set] of [
    [node.left, node.right, firstOnly(left, right, ignored), right],
    [node.right, node.left, firstOnly(right, left, ignored), left],
  ] as const) {
    if (name !== undefined)
      return {
        at,
        what: `Every series of \`${excerpt(query, has)}\` has the label \`${name}\`, and none of \`${excerpt(query, lacks)}\` does, so ${empty}.`,
        why: "Without `on(...)` series match by all their labels.",
        next: byShared(operator, set, ignored),
      };
    if (
      isScraped(has, context) &&
      set.kind === "only" &&
      !set.names.has("instance") &&
      !ignored.has("instance")
    )
      return {
        at,
        what: `\`${excerpt(query, lacks)}\` has lost the label \`instance\`, which the series of \`${excerpt(query, has)}\` have, so ${empty}.`,
        why: "Without `on(...)` series match by all their labels, and whatever is scraped has job and instance.",
        next: setOperators.has(operator)
          ? byShared(operator, set, ignored)
          : `Group both sides by the same labels, or match by those: \`${operator} on(${shown(set, ignored)}) group_${has === node.left ? "left" : "right"}\`.`,
      };
  }
  return undefined;
}

/** A label that every series of one side has, and none of the other. */
function firstOnly(set: LabelSet, other: LabelSet, ignored: ReadonlySet<string>): string | undefined {
  return [...set.sure].find((label) => !ignored.has(label) && !mayHave(other, label));
}

function byShared(operator: string, set: LabelSet, ignored: ReadonlySet<string>): string {
  const labels = shown(set, ignored);
  return labels === ""
    ? `Keep labels to match by, such as \`by (job)\`; or write \`${operator} on()\` where it is enough that there is a series at all.`
    : `Match by the labels that both have: \`${operator} on(${labels})\`.`;
}

function shown(set: LabelSet, ignored: ReadonlySet<string>): string {
  return set.kind === "only" ? [...set.names].filter((label) => !ignored.has(label)).join(", ") : "...";
}

/** Whether an expression's series are, label by label, those of a metric that is scraped. */
function isScraped(root: Node, { series }: RuleCheckContext): boolean {
  let node = bare(root);
  for (;;) {
    if (node.kind === "binary" && node.right.type === "scalar") node = bare(node.left);
    else if (node.kind === "call" && node.args.length === 1) node = bare(node.args[0]!);
    else if (node.kind === "range") node = node.selector;
    else break;
  }
  if (node.kind !== "selector" || node.metric === undefined || node.metric.includes(":")) return false;
  if (node.metric.startsWith("ALERTS")) return false;
  if (node.matchers.some(({ label }) => label === "instance")) return false;
  return series?.catalog.labelsOf(node.metric)?.has("instance") ?? true;
}

/** Labels that `group_left` and `group_right` are to copy. */
function* copied(
  node: Binary,
  { left, right }: Sides,
  query: Query,
  labelsOf: LabelReader,
): Generator<QueryFinding> {
  const group = node.matching?.group;
  if (!group) return;
  const [one, part] = group.many === "left" ? [right, node.right] : [left, node.left];
  for (const label of group.include) {
    if (!mayHave(one, label.name)) {
      yield {
        at: label,
        what: `\`group_${group.many}\` is to copy the label \`${label.name}\`, which \`${excerpt(query, part)}\` doesn't have.`,
        why: "A label that isn't there is taken from the other side's series as well.",
        next: "Keep it there, in `by (...)`, or take it out here.",
      };
      continue;
    }
    const loses = losesOnTheWay(node, label.name, labelsOf);
    if (loses)
      yield {
        at: label,
        what: `The label \`${label.name}\`, copied here, gets lost in \`${loses.operator}\`.`,
        why: `Of what stands behind \`${loses.operator}\` only its being there counts: the result has the labels of the left side.`,
        next: `Put the left side of \`${loses.operator}\` into parentheses with it, and copy the label afterwards.`,
      };
  }
}

/** The `and` or `unless` whose right side a node is, when it doesn't match by the label. */
function losesOnTheWay(node: Binary, label: string, labelsOf: LabelReader): Binary | undefined {
  let inner: Node = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.kind === "aggregation" || !mayHave(labelsOf(inner), label)) return undefined;
    if (outer.kind !== "binary" || (outer.operator !== "and" && outer.operator !== "unless")) continue;
    if (outer.right !== inner) continue;
    const { matching } = outer;
    const counts = matching?.labels.some(({ name }) => name === label) ?? false;
    if (matching?.on ? counts : !counts) return undefined;
    return outer;
  }
  return undefined;
}

function suggestion(node: Binary, left: ReadonlySet<string>, right: ReadonlySet<string>): string {
  const common = [...left].filter((label) => right.has(label)).join(", ");
  const group = setOperators.has(node.operator)
    ? ""
    : left.size > right.size
      ? " group_left"
      : left.size < right.size
        ? " group_right"
        : "";
  return `Group both sides by the same labels, or write \`${node.operator} on(${common})${group}\`.`;
}

/** The labels that matter for matching, where they are known. */
function namesIn(set: LabelSet, ignored: ReadonlySet<string>): Set<string> | undefined {
  if (set.kind === "any") return undefined;
  return new Set([...set.names].filter((name) => !ignored.has(name)));
}
