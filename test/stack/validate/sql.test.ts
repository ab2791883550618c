import { type SqlReader, sqlMentions, sqlReader } from "../../../stack/validate/dashboards/sql.js";
import { fillings } from "../../../stack/validate/dashboards/variables.js";

let read: SqlReader;
beforeAll(async () => {
  read = await sqlReader();
});

/** What is wrong with a query as a dashboard has it: what stands before the fault, and the fault. */
function faultOf(query: string): string | undefined {
  const { mentions, errors } = sqlMentions(query);
  const readings = fillings(query, {}, "sql", mentions).map((filled) => ({
    ...filled,
    ...read(filled.text),
  }));
  const best = readings.find((each) => each.errors.length === 0) ?? readings[0]!;
  const error = errors[0] ?? best.errors[0];
  if (!error) return undefined;
  return `${query.slice(0, errors[0] ? error.from : best.originalOf(error.from))}‸ ${error.message}`;
}

describe("queries that PostgreSQL takes once Grafana has filled them in", () => {
  test.each([
    "SELECT $__timeGroupAlias(started_at, $__interval), sum(cost_usd) FROM llm_usage WHERE $__timeFilter(started_at) GROUP BY 1 ORDER BY 1",
    "SELECT $__time(started_at), model, cost_usd FROM llm_usage WHERE model IN ($model) LIMIT $n",
    "SELECT $__timeGroup(\"time\", '5m', 0) AS time, count(*) FROM t WHERE $__unixEpochFilter(ts) GROUP BY time",
    "SELECT * FROM llm_usage WHERE started_at BETWEEN $__timeFrom() AND $__timeTo() AND team = '$team'",
    "SELECT $__timeGroup(date_trunc('day', started_at), 1d), avg(x) FILTER (WHERE y) OVER w FROM t WINDOW w AS (PARTITION BY z) -- why",
    "WITH a AS (SELECT DISTINCT ON (b) b, c::numeric FROM ${schema}.d) SELECT * FROM a CROSS JOIN LATERAL (SELECT 1) e",
    "SELECT unnest(ARRAY[1,2]) AS __value, 'x' || $name AS __text",
  ])("%s", (query) => {
    expect(faultOf(query)).toBeUndefined();
  });
});

describe("a fault is told where the query has it", () => {
  test.each([
    ["SELECT a, FROM b", "SELECT a, ‸ syntax error at or near `FROM`"],
    [
      "SELECT 'ä' FROM t WHERE $__timeFilter(started_at) ORDR BY 1",
      "SELECT 'ä' FROM t WHERE $__timeFilter(started_at) ‸ syntax error at or near `ORDR`",
    ],
    ["SELECT $__timeGruop(a, '5m')", "SELECT ‸ Grafana has no macro `$__timeGruop`"],
    ["SELECT $__timeGroup(a)", "SELECT ‸ `$__timeGroup` needs the column and an interval"],
    ["SELECT 1 WHERE $__timeFilter()", "SELECT 1 WHERE ‸ `$__timeFilter` needs the column"],
    ["SELECT 1 WHERE $__timeFilter(a", "SELECT 1 WHERE ‸ the parenthesis of `$__timeFilter` is not closed"],
    ["SELECT 'a FROM b", "SELECT ‸ unterminated quoted string at or near `'a FROM b`"],
    ["-- nothing", "‸ there is no statement"],
  ])("%s", (query, fault) => {
    expect(faultOf(query)).toBe(fault);
  });

  test("nesting without end is refused, and the next query is read as ever", () => {
    expect(read(`SELECT ${"(".repeat(50_000)}1${")".repeat(50_000)}`).errors).toHaveLength(1);
    expect(read(`SELECT ${"1+".repeat(50_000)}1`).errors).toHaveLength(1);
    expect(read("SELECT 1").errors).toEqual([]);
  });
});

test("a panel that changes data is doubted, from its statement on", () => {
  expect(read("SELECT 'ä';\n DELETE FROM llm_usage").doubts).toMatchObject([{ from: 13 }]);
  expect(read("SELECT 1; SELECT 2").doubts).toEqual([]);
});
