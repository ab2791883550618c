import { bare, comparisons, constantOf, type Node } from "../../promql/index.js";
import { excerpt, queryCheck } from "../queries.js";

/** Divisions by what is or may be 0, and comparisons with NaN. */
export const promqlNan = queryCheck("promql-nan", "warning", function* (query) {
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

function isNan(node: Node): boolean {
  const inner = bare(node);
  return inner.kind === "number" && Number.isNaN(inner.value);
}

function isDifference(node: Node): boolean {
  const inner = bare(node);
  return (
    inner.kind === "binary" &&
    inner.operator === "-" &&
    constantOf(inner.left) === undefined &&
    constantOf(inner.right) === undefined
  );
}
