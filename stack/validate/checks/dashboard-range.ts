import type { RangeSelector, Subquery } from "../../promql/index.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { isInstant } from "../dashboards/dashboard.js";
import { excerpt, type ReadQuery } from "../dashboards/promql.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";

const day = 24 * 3_600_000;

/** The longest range that every point of a graph may read of series that nothing has summed up before. */
const longestDrawn = day;

/** Prometheus refuses more points than this from a query, and a subquery is no better: https://github.com/prometheus/prometheus/blob/v3.15.0/web/api/v1/api.go */
const mostPoints = 11_000;

/** A query whose work grows with the time that somebody looks at. What reaches behind the retention is told by that check. */
export const dashboardRange: Check = {
  id: "dashboard-range",
  async run(context) {
    const { dashboards } = await dashboardWorld(context);
    return dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        .flatMap((read) => {
          const { ranges, subqueries } = read.analysis;
          // One finding a query: the next is mostly the same range again.
          const [first] = [...ranges, ...subqueries].flatMap((node) => judged(node, read));
          return first ? [finding(context, read, first)] : [];
        }),
    );
  },
};

type Verdict = Pick<Problem, "what" | "why" | "next"> & { at: number };

function judged(node: RangeSelector | Subquery, read: ReadQuery): Verdict[] {
  const { query, originalOf } = read;
  const at = originalOf(node.rangeFrom);
  const written = /^\$\{?\w+(?::\w+)?\}?/.exec(query.text.slice(at))?.[0];
  const drawn = query.kind === "panel" && !isInstant(query.target);
  if (written && /^\$\{?__range\b|^\$\{?__range_(?:s|ms)\b/.test(written))
    return drawn
      ? [
          {
            at,
            what: `Each point that ${query.of} draws reads the whole time shown, \`[${written}]\`.`,
            why: "Twice the time is four times the work, and a month of it can bring Prometheus down.",
            next: "Write `[$__rate_interval]`, a fixed range, or make it an instant query.",
          },
        ]
      : [];
  // How long other variables are, whoever looks at it decides.
  if (written) return [];
  if (node.kind === "subquery" && node.step && node.range / node.step > mostPoints)
    return [
      {
        at,
        what: `The subquery of ${query.of} evaluates its query ${Math.floor(node.range / node.step)} times for each point.`,
        why: `Prometheus itself gives at most ${mostPoints} points for a whole graph.`,
        next: "Take a longer step, or record what is within it.",
      },
    ];
  const recorded = node.kind === "range" && node.selector.metric?.includes(":");
  if (drawn && node.kind === "range" && !recorded && node.range > longestDrawn)
    return [
      {
        at,
        what: `Each point that ${query.of} draws reads more than a day of samples.`,
        why: "A graph has hundreds of points, and people look at it all the time.",
        next: "Record what it is made of in a rule, and read the record.",
      },
    ];
  return [];
}

function finding(context: CheckContext, { query }: ReadQuery, { at, ...verdict }: Verdict): Problem {
  return {
    id: "dashboard-range",
    severity: "warning",
    ...verdict,
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, at),
  };
}
