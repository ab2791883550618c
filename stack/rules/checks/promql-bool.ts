import { type Binary, bare, constantOf, type Node } from "../../promql/index.js";
import { excerpt, queryCheck } from "../queries.js";

const averages = new Set(["avg", "min", "max", "stddev", "stdvar"]);
const overTime = new Set([
  "avg_over_time",
  "min_over_time",
  "max_over_time",
  "stddev_over_time",
  "stdvar_over_time",
]);

/** Comparisons that filter where 0 or 1 was meant. */
export const promqlBool = queryCheck("promql-bool", "warning", function* (query) {
  const found: { name: string; filter: Binary }[] = [];
  for (const { name, expr } of query.aggregations) {
    const filter = equality(expr);
    if (filter && (averages.has(name) || (name === "sum" && constantOf(filter.right) === 0)))
      found.push({ name, filter });
  }
  for (const { name, args } of query.calls) {
    const range = args.find(({ kind }) => kind === "subquery");
    const filter = range?.kind === "subquery" && overTime.has(name) && equality(range.expr);
    if (filter) found.push({ name, filter });
  }
  for (const { operator, right, left } of query.binaries) {
    if (operator !== "and" && operator !== "unless") continue;
    // Only whether there is a series counts, on the right of both and on the left of neither.
    const side = bare(right);
    if (side.kind === "binary" && side.bool && side.left.type === "vector" && left.type === "vector")
      yield {
        at: { from: side.operatorFrom, to: side.operatorTo },
        what: `\`${operator}\` doesn't look at the 0 or 1 of \`${excerpt(query, side)}\`, only at whether there is a series.`,
        why: `With \`bool\` there always is: ${operator === "and" ? "the condition always holds" : "everything is taken away"}.`,
        next: `Take \`bool\` out.`,
      };
  }
  for (const { name, expr } of query.aggregations) {
    const counted = bare(expr);
    if (name === "count" && counted.kind === "binary" && counted.bool)
      yield {
        at: { from: counted.operatorFrom, to: counted.operatorTo },
        what: `\`count\` counts every series of \`${excerpt(query, counted)}\`, also those with 0.`,
        why: "With `bool` a comparison leaves nothing out.",
        next: "Use `sum` to count where it holds, or take `bool` out.",
      };
  }
  for (const { name, filter } of found)
    yield {
      at: { from: filter.operatorFrom, to: filter.operatorTo },
      what: `\`${name}\` of \`${excerpt(query, filter)}\` says nothing: only series with that very value are left.`,
      why: "A comparison leaves out what doesn't satisfy it, and keeps the value of the rest.",
      next: `To count how often it holds, let it give 0 or 1: \`${filter.operator} bool\`.`,
    };
});

function equality(root: Node): Binary | undefined {
  const node = bare(root);
  return node.kind === "binary" &&
    node.operator === "==" &&
    !node.bool &&
    constantOf(node.right) !== undefined &&
    node.left.type === "vector"
    ? node
    : undefined;
}
