import {
  type Aggregation,
  type Binary,
  bare,
  constantOf,
  type LabelReader,
  labelRegexp,
  type Matcher,
  matchesEmpty,
  mayHave,
  type Node,
  type Selector,
} from "../../promql/index.js";
import { excerpt, type Query, type QueryFinding, queryCheck, recordings } from "../queries.js";
import { labelsIn } from "../record-labels.js";

/** Parts of queries that can never find anything, since they contradict themselves. */
export const promqlImpossible = queryCheck("promql-impossible", "warning", function* (query, context) {
  const labelsOf = labelsIn(context);
  const records = recordings(context);
  for (const selector of query.selectors) {
    const finding = contradiction(selector);
    if (finding) yield finding;
    else if (selector.metric !== undefined && selector.matchers.length > 0) {
      if (records.has(selector.metric)) yield* asksForLost(selector, labelsOf);
    }
  }
  for (const node of query.aggregations)
    if (node.grouping && node.grouping.labels.length > 0) yield* groupsByLost(node, query, labelsOf);
  for (const node of query.binaries) {
    if (node.operator === "unless" && !node.matching?.on && same(query.text, node.left, node.right))
      yield { at: node, what: `\`${excerpt(query, node)}\` takes everything away from itself.` };
    if (node.operator === "and") {
      const finding = apart(node, query);
      if (finding) yield finding;
    }
    // Only the outermost of a chain of comparisons.
    if (isFilter(node) && !(node.parent && isFilter(node.parent))) {
      const finding = emptyInterval(node, query, node);
      if (finding) yield finding;
    }
  }
});

/** Each is held against each: more are nobody's own work. */
const mostMatchers = 200;

/** Matchers of one selector, of PromQL or LogQL, that can't hold together. */
export function contradiction({ matchers }: Pick<Selector, "matchers">): QueryFinding | undefined {
  if (matchers.length < 2 || matchers.length > mostMatchers) return undefined;
  for (const [index, matcher] of matchers.entries()) {
    if (matcher.operator !== "=") continue;
    for (const [at, other] of matchers.entries()) {
      if (other.label !== matcher.label || at === index || (other.operator === "=" && at < index)) continue;
      if (!passes(other, matcher.value))
        return {
          at: other,
          what: `\`${show(matcher)}\` and \`${show(other)}\` rule each other out.`,
          why: "A series must satisfy every matcher.",
          next:
            other.operator === "="
              ? `For either value write \`${matcher.label}=~"${matcher.value}|${other.value}"\`.`
              : undefined,
        };
    }
  }
  const apart = disjoint(matchers);
  if (apart) return apart;
  for (const matcher of matchers) {
    if (matcher.operator !== "!~" || matcher.label === "__name__") continue;
    // `!~".+"` says that a label must not be there: fine, unless another matcher asks for it.
    const needs = matchers.find(
      (other) => other.label === matcher.label && other !== matcher && !matchesEmpty(other),
    );
    if (needs && matcher.value === ".+" && needs.operator !== "=")
      return { at: matcher, what: `\`${show(matcher)}\` and \`${show(needs)}\` rule each other out.` };
  }
  return undefined;
}

/** Of `a=~"x|y"` no value passes the other matchers of `a`. */
function disjoint(matchers: readonly Matcher[]): QueryFinding | undefined {
  for (const matcher of matchers) {
    const others = matchers.filter((other) => other.label === matcher.label && other !== matcher);
    if (others.length === 0 || matcher.operator !== "=~" || !/^[\w |/-]+$/.test(matcher.value)) continue;
    const values = matcher.value.split("|");
    const against = others.find((other) => !values.some((value) => passes(other, value)));
    if (against)
      return {
        at: against,
        what: `\`${show(matcher)}\` and \`${show(against)}\` rule each other out.`,
        why: "A series must satisfy every matcher.",
        next: "Take one of them out, or give them a value in common.",
      };
  }
  return undefined;
}

/** Matchers that want a label of a recorded series which its rule has dropped. */
function* asksForLost({ metric, matchers }: Selector, labelsOf: LabelReader): Generator<QueryFinding> {
  const labels = labelsOf({
    kind: "selector",
    type: "vector",
    metric: metric!,
    matchers: [],
    from: 0,
    to: 0,
  });
  for (const matcher of matchers) {
    if (matcher.label === "__name__" || mayHave(labels, matcher.label) || matchesEmpty(matcher)) continue;
    const kept = labels.kind === "only" ? [...labels.names].filter((name) => name !== "__name__") : [];
    yield {
      at: matcher,
      what: `\`${show(matcher)}\` finds nothing: \`${metric}\` is recorded without the label \`${matcher.label}\`.`,
      next: `Keep the label in the record, or ask by one it has${kept.length > 0 ? `: ${kept.join(", ")}` : ""}.`,
    };
  }
}

/** Grouping by labels that an expression further in has dropped. */
function* groupsByLost(
  { grouping, expr }: Aggregation,
  query: Query,
  labelsOf: LabelReader,
): Generator<QueryFinding> {
  if (!grouping) return;
  const inner = labelsOf(expr);
  for (const label of grouping.labels) {
    if (mayHave(inner, label.name)) continue;
    yield {
      at: label,
      severity: grouping.without ? "notice" : "warning",
      what: `\`${excerpt(query, expr)}\` has no label \`${label.name}\`: \`${grouping.without ? "without" : "by"} (${label.name})\` changes nothing.`,
      next: grouping.without ? "Take it out." : "Keep the label further in, or take it out here.",
    };
  }
}

function passes({ operator, value }: Matcher, candidate: string): boolean {
  if (operator === "=") return value === candidate;
  if (operator === "!=") return value !== candidate;
  const regexp = labelRegexp(value);
  return typeof regexp === "string" || regexp.matches(candidate) === (operator === "=~");
}

function show({ label, operator, value }: Matcher): string {
  return `${label}${operator}"${value}"`;
}

const filtering = new Set([">", ">=", "<", "<=", "=="]);

function isFilter(node: Node): node is Binary {
  return (
    node.kind === "binary" &&
    filtering.has(node.operator) &&
    !node.bool &&
    node.left.type === "vector" &&
    constantOf(node.right) !== undefined
  );
}

/** `x > 5 < 3`: each comparison filters what the one before it left. */
function emptyInterval(outer: Binary, query: Query, shown: Node): QueryFinding | undefined {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  let open = false;
  for (let node: Node = outer; isFilter(node); node = bare(node.left)) {
    const limit = constantOf(node.right)!;
    if (node.operator !== "<" && node.operator !== "<=" && limit >= least) least = limit;
    if (node.operator !== ">" && node.operator !== ">=" && limit <= most) most = limit;
    if (node.operator === ">" || node.operator === "<") open = true;
  }
  if (least < most || (least === most && !open)) return undefined;
  return { at: outer, what: `No value satisfies all of \`${excerpt(query, shown)}\`.` };
}

/** `x > 5 and x < 3`: as one chain of comparisons. */
function apart(node: Binary, query: Query): QueryFinding | undefined {
  const [left, right] = [bare(node.left), bare(node.right)];
  if (!isFilter(left) || !isFilter(right) || isFilter(bare(left.left)) || isFilter(bare(right.left)))
    return undefined;
  if (!same(query.text, left.left, right.left)) return undefined;
  return emptyInterval({ ...left, left: right }, query, node);
}

/** So long parts are never taken for the same: in chains of them, each would be read over and over. */
const longest = 1000;

/** Whether two parts of a query are written alike, spaces and parentheses around them aside. */
export function same(text: string, a: Node, b: Node): boolean {
  if (a.to - a.from > longest || b.to - b.from > longest) return false;
  const plain = (node: Node) => text.slice(bare(node).from, bare(node).to).replace(/\s+/g, "");
  return plain(a) === plain(b);
}
