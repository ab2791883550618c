import { bare, childrenOf, constantOf, labelsOf, mayHave, type Node } from "../../promql/index.js";
import { excerpt, queryCheck } from "../queries.js";

const quantiles = new Set(["histogram_quantile", "quantile_over_time"]);

/** Quantiles that can't be calculated, or aren't what they look like. */
export const promqlHistogram = queryCheck("promql-histogram", "warning", function* (query) {
  for (const { name, param } of query.aggregations)
    if (name === "quantile" && param) yield* outside(param, name);
  for (const call of query.calls) {
    if (quantiles.has(call.name) && call.args[0]) yield* outside(call.args[0], call.name);
    const buckets = call.args[1];
    if (call.name !== "histogram_quantile" || !buckets) continue;
    const metric = bucketMetric(buckets);
    if (metric === undefined) continue;
    if (!mayHave(labelsOf(buckets), "le"))
      yield {
        at: buckets,
        severity: "error",
        what: `The buckets of \`${metric}\` have lost their label \`le\`: \`histogram_quantile\` finds nothing.`,
        next: "Keep it: `sum by (le, ...)`.",
      };
    else if (bare(buckets).kind === "selector")
      yield {
        at: buckets,
        what: `\`${excerpt(query, call)}\` is about everything since the processes began.`,
        why: "Buckets are counters; what happens now hardly moves them.",
        next: `Take the buckets of a while: \`rate(${metric}[5m])\`.`,
      };
  }

  function* outside(param: Node, name: string) {
    const value = constantOf(param);
    if (value === undefined || (value >= 0 && value <= 1)) return;
    yield {
      at: param,
      what: `The quantile ${value} of \`${name}\` isn't between 0 and 1: the result is ${value < 0 ? "-Inf" : "+Inf"}.`,
      next: value > 1 && value <= 100 ? `Write ${value / 100}.` : undefined,
    };
  }
});

/** Name of the classic histogram's buckets that an expression is made of, if all of it is. */
function bucketMetric(root: Node): string | undefined {
  const open: Node[] = [root];
  let metric: string | undefined;
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === "selector") {
      if (!node.metric?.endsWith("_bucket")) return undefined;
      metric = node.metric;
    }
    if (node.kind === "call" && node.name.startsWith("label_")) return undefined;
    open.push(...childrenOf(node));
  }
  return metric;
}
