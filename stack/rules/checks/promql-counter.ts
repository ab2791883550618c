import type { SeriesWorld } from "../../catalog/world.js";
import { type Binary, bare, constantOf, type Node, type Selector } from "../../promql/index.js";
import { kindIn, metricKind } from "../metric-kind.js";
import { excerpt, type Query, type QueryFinding, queryCheck, recordings } from "../queries.js";

const ordering = new Set([">", ">=", "<", "<="]);
const passing = new Set(["sum", "min", "max", "avg", "topk", "bottomk"]);

/** Counters compared with a number as they are. */
export const promqlCounter = queryCheck("promql-counter", "warning", function* (query, context) {
  const { series } = context;
  const { binaries, rule } = query;
  for (const node of binaries) {
    const { operator, left, right } = node;
    if ((operator === "/" || operator === "-") && right.type === "vector") {
      const [a, b] = [rawCounter(left, series), rawCounter(right, series)];
      if (operator === "/" && ((a && b) || isMean(left, right))) yield sinceTheBeginning(query, node);
      else if (a && b && operator === "-" && a.metric === b.metric && isPast(b)) yield byHand(query, node, a);
    }
    if (rule.kind !== "alert" || !ordering.has(operator)) continue;
    const counter =
      constantOf(right) !== undefined
        ? rawCounter(left, series)
        : constantOf(left) !== undefined
          ? rawCounter(right, series)
          : undefined;
    const side = constantOf(right) !== undefined ? left : right;
    const record = counter ? undefined : plainSelector(side)?.metric;
    const recorded = record === undefined ? undefined : recordings(context).get(record);
    const summed = recorded && rawCounter(recorded.tree, series);
    if (summed && constantOf(left === side ? right : left) !== undefined)
      yield {
        at: side,
        what: `\`${record}\` is compared as it is, and is recorded from the counter \`${summed.metric}\`.`,
        why: "It counts from the start of the processes: the alert fires late, never ends, and starts over after a restart.",
        next: "Record and compare what happened lately: `sum by (...) (rate(...))`.",
      };
    if (counter)
      yield {
        at: counter,
        what: `The counter \`${counter.metric}\` is compared as it is.`,
        why: "It counts from the start of the process: the alert fires late, never ends, and starts over after a restart.",
        next: `Compare what happened lately: \`increase(${counter.metric}[10m])\` or \`rate(...)\`.`,
      };
  }
});

/** `sum(errors_total) / sum(requests_total)`, `x_sum / x_count` */
function sinceTheBeginning(query: Query, { left, right, operatorFrom, operatorTo }: Binary): QueryFinding {
  return {
    at: { from: operatorFrom, to: operatorTo },
    what: `\`${excerpt(query, left)} / ${excerpt(query, right)}\` is about everything since the processes began.`,
    why: "Counters only ever grow: what happens now hardly moves their quotient, and a restart does at once.",
    next: "Divide what happened lately: `rate(...[5m]) / rate(...[5m])`.",
  };
}

/** The sum of a histogram or summary by its count. */
function isMean(left: Node, right: Node): boolean {
  const [sum, count] = [left, right].map((side) => {
    const node = plainSelector(side);
    return node && !isPast(node) ? (node.metric ?? "") : "";
  });
  return /._sum$/.test(sum!) && `${sum!.slice(0, -"_sum".length)}_count` === count;
}

function plainSelector(root: Node): Selector | undefined {
  let node = bare(root);
  while (node.kind === "aggregation" && passing.has(node.name)) node = bare(node.expr);
  return node.kind === "selector" ? node : undefined;
}

function byHand(query: Query, node: Binary, counter: Selector): QueryFinding {
  return {
    at: { from: node.operatorFrom, to: node.operatorTo },
    what: `\`${excerpt(query, node)}\` is negative after a restart of \`${counter.metric}\`.`,
    why: "A counter begins at 0 again.",
    next: `Let Prometheus see to that: \`increase(${counter.metric}[...])\`.`,
  };
}

function isPast({ offset }: Selector): boolean {
  return offset !== undefined;
}

function rawCounter(root: Node, series: SeriesWorld | undefined): Selector | undefined {
  const node = plainSelector(root);
  return node && isCounter(node, series) ? node : undefined;
}

/** By its name or by what was recorded of it; sums and counts of histograms by their two names. */
function isCounter({ metric }: Selector, series: SeriesWorld | undefined): boolean {
  return kindIn(series, metric) === "counter" && metricKind(metric) !== "gauge";
}
