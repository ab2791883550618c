import { bare } from "../../promql/index.js";
import { excerpt, queryCheck } from "../queries.js";

/** Evaluations a subquery may need for every series before it is worth a word: a week at the usual minute. */
const manySteps = 10_080;

/** Queries that cost far more than they need to. */
export const promqlPerformance = queryCheck("promql-performance", "warning", function* (query) {
  for (const { matchers } of query.selectors)
    for (const matcher of matchers)
      if (matcher.label === "__name__" && matcher.operator !== "=" && !hasOther(matchers))
        yield {
          at: matcher,
          what: `\`__name__${matcher.operator}"${matcher.value}"\` goes through the names of all metrics there are.`,
          next: "Name the metrics, joined by `or`, or add a matcher that narrows it down.",
        };
  for (const node of query.subqueries) {
    const steps = node.step === undefined ? 0 : node.range / node.step;
    if (steps > manySteps)
      yield {
        at: { from: node.rangeFrom, to: node.to },
        what: `\`${excerpt(query, { from: node.rangeFrom - 1, to: node.to })}\` evaluates its query ${Math.round(steps).toLocaleString("en")} times each time.`,
        next: "Record the inner query, and take a range of that.",
      };
    const inner = bare(node.expr);
    if (inner.kind === "selector" && !inner.offset && !inner.at && node.step === undefined)
      yield {
        at: node,
        severity: "notice",
        what: `\`${excerpt(query, node)}\` needs no subquery.`,
        next: `Take the samples as they are: \`${excerpt(query, inner)}[${query.text.slice(node.rangeFrom, node.rangeTo)}]\`.`,
      };
  }
});

function hasOther(matchers: readonly { label: string; operator: string; value: string }[]): boolean {
  return matchers.some(
    ({ label, operator, value }) => label !== "__name__" && operator === "=" && value !== "",
  );
}
