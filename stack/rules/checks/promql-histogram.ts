import {
  type Aggregation,
  bare,
  childrenOf,
  constantOf,
  labelsOf,
  mayHave,
  type Node,
  type Selector,
} from "../../promql/index.js";
import { excerpt, type Query, type QueryFinding, queryCheck } from "../queries.js";

const quantiles = new Set(["histogram_quantile", "quantile_over_time"]);

/** Quantiles that can't be calculated, or aren't what they look like. */
export const promqlHistogram = queryCheck("promql-histogram", "warning", function* (query) {
  for (const { name, param } of query.aggregations)
    if (name === "quantile" && param) yield* outside(param, name);
  for (const aggregation of query.aggregations)
    if (aggregation.name === "sum" || aggregation.name === "avg") {
      const finding = ofQuantiles(aggregation, query);
      if (finding) yield finding;
    }
  for (const call of query.calls) {
    if (native.has(call.name) && call.args[0]) {
      const classic = bucketMetric(call.args[0]);
      if (classic !== undefined)
        yield {
          at: call.args[0],
          what: `\`${call.name}\` finds nothing in \`${classic}\`: it is for native histograms.`,
          next: onClassic[call.name] ?? `Take \`histogram_quantile\` of the buckets.`,
        };
    }
    if (quantiles.has(call.name) && call.args[0]) yield* outside(call.args[0], call.name);
    const buckets = call.args[1];
    if (call.name !== "histogram_quantile" || !buckets) continue;
    const metric = bucketMetric(buckets);
    if (metric === undefined) {
      const other = otherPart(buckets);
      if (other)
        yield {
          at: other,
          what: `\`histogram_quantile\` finds nothing in \`${other.metric}\`: it needs the buckets.`,
          next: `Take \`${other.metric!.replace(/_(?:sum|count)$/, "_bucket")}\`.`,
        };
      continue;
    }
    if (!mayHave(labelsOf(buckets), "le"))
      yield {
        at: buckets,
        severity: "error",
        what: `The buckets of \`${metric}\` have lost their label \`le\`: \`histogram_quantile\` finds nothing.`,
        next: "Keep it: `sum by (le, ...)`.",
      };
    else if (isSinceTheBeginning(buckets))
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

/** Whether no function over time stands between buckets and quantile. */
function isSinceTheBeginning(root: Node): boolean {
  let node = bare(root);
  while (node.kind === "aggregation") node = bare(node.expr);
  return node.kind === "selector";
}

/** Functions that classic histograms, made of several series, have no use for. */
const native = new Set([
  "histogram_avg",
  "histogram_count",
  "histogram_sum",
  "histogram_stddev",
  "histogram_stdvar",
]);
const onClassic: Readonly<Record<string, string>> = {
  histogram_avg: "Divide the rates of its `_sum` and `_count`.",
  histogram_count: "Take the rate of its `_count`.",
  histogram_sum: "Take the rate of its `_sum`.",
};

/** The sum or count of a histogram where its buckets are wanted. */
function otherPart(root: Node): Selector | undefined {
  let node = bare(root);
  for (;;) {
    if (node.kind === "aggregation") node = bare(node.expr);
    else if (node.kind === "call" && node.args.length === 1) node = bare(node.args[0]!);
    else if (node.kind === "range") node = node.selector;
    else break;
  }
  return node.kind === "selector" && /_(?:sum|count)$/.test(node.metric ?? "") ? node : undefined;
}

/** Sums and averages of quantiles: those of a histogram, those that summaries bring along. */
function ofQuantiles({ name, expr }: Aggregation, query: Query): QueryFinding | undefined {
  let node = bare(expr);
  while (node.kind === "binary" && constantOf(node.right) !== undefined) node = bare(node.left);
  const summary =
    node.kind === "selector" &&
    node.matchers.some(({ label, operator }) => label === "quantile" && operator === "=");
  if (!summary && !(node.kind === "call" && node.name === "histogram_quantile")) return undefined;
  return {
    at: node,
    what: `The \`${name}\` of quantiles, \`${excerpt(query, node)}\`, is no quantile of anything.`,
    why: "The slowest tenth of all is not made of the slowest tenths of each.",
    next: summary
      ? "Look at each of them, or at the largest: `max`. Only histograms can be put together."
      : `Put the buckets together first: \`histogram_quantile(..., sum by (le) (rate(...)))\`.`,
  };
}

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
