import type { RangeSelector, Subquery } from "../../promql/index.js";
import { capital } from "../capital.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { type DashboardQuery, isInstant } from "../dashboards/dashboard.js";
import { type ReadOther, readOthers } from "../dashboards/others.js";
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
    const [{ dashboards }, others] = await Promise.all([dashboardWorld(context), readOthers(context)]);
    const ofMetrics = dashboards.flatMap(({ queries }) =>
      queries
        .filter(({ analysis }) => analysis.errors.length === 0)
        .flatMap((read) => {
          const { ranges, subqueries } = read.analysis;
          // One finding a query: the next is mostly the same range again.
          const [first] = [...ranges, ...subqueries].flatMap((node) => judged(node, read));
          return first ? [finding(context, read.query, first)] : [];
        }),
    );
    const ofOthers = others.flatMap((read) => {
      const [first] = [...judgedLogs(read), ...judgedTables(read)];
      return first ? [finding(context, read.query, first)] : [];
    });
    return [...ofMetrics, ...ofOthers];
  },
};

type Verdict = Pick<Problem, "what" | "why" | "next"> & { at: number };

function judged(node: RangeSelector | Subquery, read: ReadQuery): Verdict[] {
  const { query, originalOf } = read;
  const at = originalOf(node.rangeFrom);
  const written = variableAt(query, at);
  const drawn = query.kind === "panel" && !isInstant(query.target);
  if (written && isWholeTime(written))
    return drawn ? [wholeTime(query, at, written, "Prometheus", "$__rate_interval")] : [];
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

/** The variable that stands at a place of a query. */
function variableAt({ text }: DashboardQuery, at: number): string | undefined {
  return /^\$\{?\w+(?::\w+)?\}?/.exec(text.slice(at))?.[0];
}

function isWholeTime(variable: string): boolean {
  return /^\$\{?__range(?:_s|_ms)?\b/.test(variable);
}

function wholeTime(
  { of }: DashboardQuery,
  at: number,
  written: string,
  store: string,
  better: string,
): Verdict {
  return {
    at,
    what: `Each point that ${of} draws reads the whole time shown, \`[${written}]\`.`,
    why: `Twice the time is four times the work, and a month of it can bring ${store} down.`,
    next: `Write \`[${better}]\`, a fixed range, or make it an instant query.`,
  };
}

function judgedLogs({ query, ranges }: ReadOther): Verdict[] {
  if (query.target?.queryType === "instant" || isInstant(query.target)) return [];
  return ranges.flatMap(({ at, ms }) => {
    const written = variableAt(query, at);
    if (written) return isWholeTime(written) ? [wholeTime(query, at, written, "Loki", "$__auto")] : [];
    return ms > longestDrawn
      ? [
          {
            at,
            what: `Each point that ${query.of} draws reads more than a day of logs.`,
            why: "A graph has hundreds of points, and Loki reads the lines anew for each.",
            next: "Write `[$__auto]`, or count them in a rule and read the record.",
          },
        ]
      : [];
  });
}

/** The ledger has a row for every call that ever was; only those of the time shown are wanted. */
function judgedTables({ query, tables }: ReadOther): Verdict[] {
  const table = tables.find(({ name }) => name.startsWith("llm_"));
  if (!table || boundInTime.test(query.text)) return [];
  return [
    {
      at: table.at,
      what: `${capital(query.of)} reads all of \`${table.name}\`, whatever time is shown.`,
      why: "The table grows with every call: each refresh takes longer than the last.",
      next: "Add a condition: `WHERE $__timeFilter(...)` with its column of time.",
    },
  ];
}

/** Grafana's words for the time that is shown, and SQL's for now. */
const boundInTime =
  /\$\{?__(?:timeFilter|timeFrom|timeTo|unixEpoch(?:Nano)?(?:Filter|From|To)|from|to)\b|\bnow\s*\(|\b(?:current_(?:date|timestamp)|localtimestamp)\b/i;

function finding(context: CheckContext, query: DashboardQuery, { at, ...verdict }: Verdict): Problem {
  return {
    id: "dashboard-range",
    severity: "warning",
    ...verdict,
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, at),
  };
}
