import type { Aggregation } from "../../promql/index.js";
import { unbounded } from "../../rules/checks/promql-cardinality.js";
import { capital } from "../capital.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { type ReadOther, readOthers } from "../dashboards/others.js";
import { excerpt, type ReadQuery } from "../dashboards/promql.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

/** A line, or a choice, for every user, request or trace. Rules have the check promql-cardinality. */
export const dashboardCardinality: Check = {
  id: "dashboard-cardinality",
  async run(context) {
    const [{ dashboards }, others] = await Promise.all([dashboardWorld(context), readOthers(context)]);
    const ofMetrics = dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        // One finding a query: the same label is mostly named in each grouping.
        .flatMap((read) => [...grouped(context, read).slice(0, 1), ...asked(context, read)]),
    );
    return [...ofMetrics, ...others.flatMap((read) => groupedOther(context, read).slice(0, 1))];
  },
};

function grouped(context: CheckContext, read: ReadQuery): Problem[] {
  const { aggregations } = read.analysis;
  return aggregations.flatMap(({ grouping, name, from, to }) => {
    if (!grouping || grouping.without || limits.test(name)) return [];
    const around = aggregations.filter((other) => other.expr.from <= from && other.expr.to >= to);
    const label = grouping.labels.find(
      (each) => unbounded.test(each.name) && !around.some((other) => ends(other, each.name)),
    );
    return label
      ? [
          problem(context, read, read.originalOf(label.from), {
            what: `${capital(read.query.of)} shows a series for every single value of \`${label.name}\`.`,
            why: "There is no end of them: nobody can read the panel, and browser and Prometheus grow slow.",
            next: "Group by something with few values, or show the largest: `topk(10, ...)`.",
          }),
        ]
      : [];
  });
}

function groupedOther(context: CheckContext, { query, groupedBy }: ReadOther): Problem[] {
  const isSql = query.language === "sql";
  return groupedBy
    .filter(({ name }) => unbounded.test(name))
    .map(({ name, at }) =>
      problem(context, { query }, at, {
        what: `${capital(query.of)} shows a ${isSql ? "row" : "series"} for every single value of \`${name}\`.`,
        why: `There is no end of them: nobody can read the panel, and browser and ${isSql ? "database" : "Loki"} grow slow.`,
        next: `Group by something with few values, or show the largest: ${isSql ? "`ORDER BY ... DESC LIMIT 10`" : "`topk(10, ...)`"}.`,
      }),
    );
}

/** Aggregations that leave a few. */
const limits = /^(?:topk|bottomk|limitk)$/;

/** Whether an aggregation around a grouping leaves few of its groups, or one. */
function ends({ name, grouping }: Aggregation, label: string): boolean {
  if (limits.test(name) || !grouping) return true;
  const named = grouping.labels.some((each) => each.name === label);
  return grouping.without ? named : !named;
}

function asked(context: CheckContext, read: ReadQuery): Problem[] {
  const { label, query } = read;
  if (!label || !unbounded.test(label.name)) return [];
  return [
    problem(context, read, label.at, {
      what: `${capital(query.of)} offers every single value of \`${label.name}\`.`,
      why: "There is no end of them: each time the page is opened all are fetched.",
      next: "Make it a text box, and let people paste the value.",
    }),
  ];
}

function problem(
  context: CheckContext,
  { query }: Pick<ReadQuery, "query">,
  at: number,
  said: Pick<Problem, "what" | "why" | "next">,
): Problem {
  return {
    id: "dashboard-cardinality",
    severity: "warning",
    ...said,
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, at),
  };
}
