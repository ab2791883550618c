import { bare, type Node } from "../../promql/index.js";
import type { RuleCheckContext } from "../check.js";
import { excerpt, type Query, queriesOf, queryCheck } from "../queries.js";

/** Evaluations a subquery may need for every series before it is worth a word: a week at the usual minute. */
const manySteps = 10_080;

/** Queries that cost far more than they need to. */
export const promqlPerformance = queryCheck("promql-performance", "warning", function* (query, context) {
  const records = recordedIn(context);
  if (records.size > 0) yield* recordedAlready(query, records);
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

const recorded = new WeakMap<RuleCheckContext["files"], Map<string, Query>>();

/** Records by what they store, written in one way. Of simple selectors and numbers there is nothing to spare. */
function recordedIn(context: RuleCheckContext): ReadonlyMap<string, Query> {
  let found = recorded.get(context.files);
  if (!found) {
    found = new Map();
    for (const query of queriesOf(context)) {
      if (query.rule.kind !== "record" || query.rule.group.labels.size + query.rule.labels.size > 0) continue;
      const text = isCostly(bare(query.tree)) && plain(query, bare(query.tree));
      if (text && !found.has(text)) found.set(text, query);
    }
    recorded.set(context.files, found);
  }
  return found;
}

function isCostly(node: Node): boolean {
  return (
    node.kind === "aggregation" || (node.kind === "call" && node.args.some(({ type }) => type === "matrix"))
  );
}

/** Longer texts are looked at by nobody's eye either. */
const longest = 500;

/** An expression without spaces, its grouping in front and in order; undefined for very long ones. */
function plain({ text }: Query, node: Node): string | undefined {
  if (node.to - node.from > longest) return undefined;
  const written = (part: { from: number; to: number }) => text.slice(part.from, part.to).replace(/\s+/g, "");
  if (node.kind !== "aggregation") return written(node);
  const { grouping, name, param, expr } = node;
  const labels =
    grouping?.labels
      .map((label) => label.name)
      .sort()
      .join(",") ?? "";
  return `${name} ${grouping?.without ? "without" : "by"}(${labels})(${param ? `${written(param)},` : ""}${written(bare(expr))})`;
}

/** Parts of a query that a rule records anyway. */
function* recordedAlready(query: Query, records: ReadonlyMap<string, Query>) {
  const said: Node[] = [];
  // Outer parts before inner ones.
  for (const node of [...query.nodes].reverse()) {
    if (!isCostly(node) || said.some(({ from, to }) => from <= node.from && node.to <= to)) continue;
    const text = plain(query, node);
    const record = text === undefined ? undefined : records.get(text);
    if (!record || record === query || record.rule.name.value === query.rule.name.value) continue;
    said.push(node);
    yield {
      at: node,
      severity: "notice" as const,
      what: `\`${excerpt(query, node)}\` is recorded as \`${record.rule.name.value}\`.`,
      why: "It is evaluated twice, and the two may tell different things once one of them is changed.",
      next: `Use \`${record.rule.name.value}\` here.`,
    };
  }
}

function hasOther(matchers: readonly { label: string; operator: string; value: string }[]): boolean {
  return matchers.some(
    ({ label, operator, value }) => label !== "__name__" && operator === "=" && value !== "",
  );
}
