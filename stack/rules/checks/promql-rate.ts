import { type Aggregation, bare, type Node, type Selector } from "../../promql/index.js";
import type { RuleCheckContext } from "../check.js";
import { kindIn, metricKind } from "../metric-kind.js";
import { excerpt, queryCheck, recordings } from "../queries.js";

const ofCounters = new Set(["rate", "increase", "irate", "resets"]);
const ofGauges = new Set(["delta", "idelta", "deriv", "predict_linear"]);
const values = new Set([
  "avg_over_time",
  "sum_over_time",
  "quantile_over_time",
  "stddev_over_time",
  "stdvar_over_time",
]);
const needsTwo = new Set(["rate", "increase", "irate", "delta", "idelta", "deriv"]);

/** What obs scrapes at by default, and its own programs at most, in ms. */
const usualInterval = 10_000;

/** Functions over time given what they aren't made for: counters' functions over gauges and sums, gauges' over counters. */
export const promqlRate = queryCheck("promql-rate", "warning", function* (query, context) {
  for (const call of query.calls) {
    const range = call.args.find(({ type }) => type === "matrix");
    if (!range) continue;
    if (range.kind === "range") {
      const { metric } = range.selector;
      const kind = kindIn(context.series, metric);
      if (ofCounters.has(call.name) && kind === "gauge")
        yield {
          at: range,
          what: `\`${call.name}\` works on counters, and \`${metric}\` is a gauge${kind === metricKind(metric) ? " by its name" : ""}.`,
          why: "Every time the value goes down, it is taken for a restart and counted as an increase.",
          next: call.name === "resets" ? "Use `changes`." : "Use `delta` or `deriv`.",
        };
      if (ofGauges.has(call.name) && kind === "counter")
        yield {
          at: range,
          what: `\`${call.name}\` works on gauges, and \`${metric}\` is a counter${kind === metricKind(metric) ? " by its name" : ""}.`,
          why: "When the counter begins again at 0, it shows a fall that never was.",
          next:
            call.name === "delta"
              ? "Use `increase`."
              : call.name === "idelta"
                ? "Use `irate`."
                : "Use `rate`.",
        };
      if (values.has(call.name) && kind === "counter")
        yield {
          at: range,
          what: `\`${call.name}\` of \`${metric}\` says nothing: a counter only ever grows.`,
          next: "Use `rate` or `increase`.",
        };
      const summed = ofCounters.has(call.name) && metric ? recordings(context).get(metric) : undefined;
      if (summed && sumOfCounters(summed.tree))
        yield {
          at: range,
          what: `\`${call.name}\` of \`${metric}\`, which is recorded as a sum of counters.`,
          why: "A sum falls when one of its counters begins again or goes away, which looks like a restart of them all.",
          next: "Record the sum of rates instead.",
        };
      const every = intervalOf(range.selector, context);
      if (needsTwo.has(call.name) && range.range < 2 * every)
        yield {
          at: { from: range.rangeFrom, to: range.rangeTo },
          what: `\`${excerpt(query, { from: range.rangeFrom, to: range.rangeTo })}\` is too short for \`${call.name}\`.`,
          why: `It needs two samples, and at a scrape interval of ${every / 1000} s there are seldom two in less than ${(2 * every) / 1000} s.`,
          next: "Take at least four scrape intervals: one may fail.",
        };
    }
    if (range.kind === "subquery" && ofCounters.has(call.name) && call.name !== "resets") {
      const sum = sumOfCounters(range.expr);
      if (sum)
        yield {
          at: sum,
          what: `\`${call.name}\` of ${sum.name === "sum" ? "a sum" : `\`${sum.name}\``}: \`${excerpt(query, sum)}\`.`,
          why: "It falls when one of its counters begins again or goes away, which looks like a restart of them all.",
          next: `Turn it round: \`${sum.name}(${call.name}(...))\`.`,
        };
    }
  }
});

/** How often the series are scraped, in ms: of the jobs named or known to expose them the one scraped most often. */
function intervalOf({ metric, matchers }: Selector, { series, surroundings }: RuleCheckContext): number {
  const named = matchers.find(({ label, operator }) => label === "job" && operator === "=");
  const jobs = named
    ? [named.value]
    : (metric && series?.catalog.find(metric)?.producers.flatMap((each) => each.jobs ?? [])) || [];
  const intervals = jobs.map((job) => surroundings?.scrapeIntervals.get(job) ?? usualInterval);
  return intervals.length > 0 ? Math.min(...intervals) : usualInterval;
}

/** A sum, or another one number, of what is not yet a rate. */
function sumOfCounters(root: Node): Aggregation | undefined {
  const node = bare(root);
  if (node.kind !== "aggregation" || !/^(?:sum|avg|min|max)$/.test(node.name)) return undefined;
  const inner = bare(node.expr);
  if (inner.kind !== "selector") return undefined;
  // Of sums of what isn't known nobody takes rates, of the largest of something maybe.
  const kind = metricKind(inner.metric);
  return (node.name === "sum" ? kind !== "gauge" : kind === "counter") ? node : undefined;
}
