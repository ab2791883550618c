import { type Binary, bare, constantOf, type Node } from "../../promql/index.js";
import { excerpt, type Query, queryCheck } from "../queries.js";

/** Alerts about what is missing that stay silent when it is. */
export const promqlAbsent = queryCheck("promql-absent", "warning", function* (query) {
  if (query.rule.kind !== "alert") return;
  for (const node of query.binaries) {
    const counted = bare(node.left);
    const limit = constantOf(node.right);
    if (limit === undefined || !asksForLittle(node.operator, limit)) continue;
    if (
      counted.kind === "aggregation" &&
      counted.name === "count" &&
      never(node.operator, limit) &&
      !node.bool
    )
      yield {
        at: counted,
        what: `\`${excerpt(query, node)}\` never holds: \`count\` of nothing is nothing, not 0.`,
        next: `Ask for it with \`absent(...)\`, or let 0 stand in: \`(count(...) or vector(0)) ${node.operator} ${limit}\`.`,
      };
    else if (isWhole(node, query) && silentWithoutSeries(counted, limit))
      yield {
        at: counted,
        severity: "notice",
        what: `The alert "${query.rule.name.value}" stays silent when the series of \`${excerpt(query, counted)}\` go away altogether.`,
        why: "A sum of nothing is nothing, which is not less than any number.",
        next: "Add `or absent(...)` for a series that is always there, unless another alert sees to that.",
      };
  }
  for (const call of query.calls)
    if (call.name === "absent" && call.args[0]) {
      const arg = bare(call.args[0]);
      if (arg.kind === "aggregation" && arg.grouping && arg.grouping.labels.length > 0)
        yield {
          at: arg.grouping,
          what: `The grouping inside \`absent\` does nothing: \`absent\` fires once, when there is no group at all.`,
          next: 'Write one `absent(metric{label="value"})` for each series that must be there.',
        };
    }
});

function asksForLittle(operator: string, limit: number): boolean {
  return (
    (operator === "==" && limit === 0) || (operator === "<" && limit > 0) || (operator === "<=" && limit >= 0)
  );
}

function never(operator: string, limit: number): boolean {
  return operator === "<" ? limit <= 1 : limit < 1;
}

/** Whether the comparison is all that the alert asks for. */
function isWhole(node: Binary, query: Query): boolean {
  return bare(query.tree) === node;
}

/** The rate of a counter, summed up or not: traffic that stops. By group only where none at all is asked for. */
function silentWithoutSeries(root: Node, limit: number): boolean {
  let inner = root;
  if (inner.kind === "aggregation") {
    if (inner.name !== "sum") return false;
    if (limit > 0 && inner.grouping && inner.grouping.labels.length > 0) return false;
    inner = bare(inner.expr);
  } else if (limit > 0) return false;
  return inner.kind === "call" && (inner.name === "rate" || inner.name === "increase");
}
