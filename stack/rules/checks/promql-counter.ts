import { bare, constantOf, type Node, type Selector } from "../../promql/index.js";
import { metricKind } from "../metric-kind.js";
import { queryCheck } from "../queries.js";

const ordering = new Set([">", ">=", "<", "<="]);
const passing = new Set(["sum", "min", "max", "avg", "topk", "bottomk"]);

/** Counters compared with a number as they are. */
export const promqlCounter = queryCheck("promql-counter", "warning", function* ({ binaries, rule }) {
  if (rule.kind !== "alert") return;
  for (const { operator, left, right } of binaries) {
    if (!ordering.has(operator)) continue;
    const counter =
      constantOf(right) !== undefined
        ? rawCounter(left)
        : constantOf(left) !== undefined
          ? rawCounter(right)
          : undefined;
    if (counter)
      yield {
        at: counter,
        what: `The counter \`${counter.metric}\` is compared as it is.`,
        why: "It counts from the start of the process: the alert fires late, never ends, and starts over after a restart.",
        next: `Compare what happened lately: \`increase(${counter.metric}[10m])\` or \`rate(...)\`.`,
      };
  }
});

function rawCounter(root: Node): Selector | undefined {
  let node = bare(root);
  while (node.kind === "aggregation" && passing.has(node.name)) node = bare(node.expr);
  return node.kind === "selector" && metricKind(node.metric) === "counter" ? node : undefined;
}
