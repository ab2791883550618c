import { type Binary, type LabelSet, labelsOf, mayHave } from "../../promql/index.js";
import { excerpt, type Query, type QueryFinding, queryCheck } from "../queries.js";

/** Operations between two vectors that find no partners, by the labels that their sides have. */
export const promqlVectorMatching = queryCheck("promql-vector-matching", "warning", function* (query) {
  for (const node of query.binaries) {
    if (node.left.type !== "vector" || node.right.type !== "vector" || node.operator === "or") continue;
    const finding = judge(node, query);
    if (finding) yield finding;
  }
});

function judge(node: Binary, query: Query): QueryFinding | undefined {
  const left = labelsOf(node.left);
  const right = labelsOf(node.right);
  const at = { from: node.operatorFrom, to: node.operatorTo };
  const { matching } = node;
  if (matching?.on) {
    for (const label of matching.labels) {
      const sides = [mayHave(left, label.name), mayHave(right, label.name)];
      if (sides[0] === sides[1]) continue;
      const [without] = sides[0] ? [node.right] : [node.left];
      return {
        at: label,
        what: `\`on\` matches by the label \`${label.name}\`, which \`${excerpt(query, without)}\` doesn't have.`,
        why: "Only series that lack it on the other side, too, find a partner.",
        next: "Keep it there, in `by (...)`, or take it out here.",
      };
    }
    return undefined;
  }
  const ignored = new Set(matching?.labels.map(({ name }) => name));
  if (matching?.group) return undefined;
  const only = namesIn(left, ignored);
  const others = namesIn(right, ignored);
  if (only && others) {
    const extra = [...only, ...others].filter((label) => !(only.has(label) && others.has(label)));
    if (extra.length === 0) return undefined;
    const list = [...new Set(extra)].map((label) => `\`${label}\``).join(", ");
    return {
      at,
      what: `The sides of \`${node.operator}\` have different labels, so no series find each other: ${list} only on one.`,
      next: suggestion(node, only, others),
    };
  }
  return undefined;
}

function suggestion(node: Binary, left: ReadonlySet<string>, right: ReadonlySet<string>): string {
  const common = [...left].filter((label) => right.has(label)).join(", ");
  const set = node.operator === "and" || node.operator === "unless";
  const group = set
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
