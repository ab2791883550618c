import {
  type Binary,
  bare,
  constantOf,
  labelRegexp,
  type Matcher,
  matchesEmpty,
  type Node,
  type Selector,
} from "../../promql/index.js";
import { excerpt, type QueryFinding, queryCheck } from "../queries.js";

/** Parts of queries that can never find anything, since they contradict themselves. */
export const promqlImpossible = queryCheck("promql-impossible", "warning", function* (query) {
  for (const selector of query.selectors) {
    const finding = contradiction(selector);
    if (finding) yield finding;
  }
  for (const node of query.binaries) {
    if (node.operator === "unless" && !node.matching?.on && same(query.text, node.left, node.right))
      yield { at: node, what: `\`${excerpt(query, node)}\` takes everything away from itself.` };
    // Only the outermost of a chain of comparisons.
    if (isFilter(node) && !(node.parent && isFilter(node.parent))) {
      const finding = emptyInterval(node, excerpt(query, node));
      if (finding) yield finding;
    }
  }
});

function contradiction({ matchers }: Selector): QueryFinding | undefined {
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
function emptyInterval(outer: Binary, text: string): QueryFinding | undefined {
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
  return { at: outer, what: `No value satisfies all of \`${text}\`.` };
}

function same(text: string, a: Node, b: Node): boolean {
  const plain = (node: Node) => text.slice(bare(node).from, bare(node).to).replace(/\s+/g, "");
  return plain(a) === plain(b);
}
