import { expandSql } from "../../../stack/preview/sql.js";

const from = Date.UTC(2026, 10, 21, 10, 0, 0);
const to = Date.UTC(2026, 10, 21, 11, 0, 0);

function expand(sql: string, intervalMs = 30_000): string {
  return expandSql({ sql, from, to, intervalMs, format: "table" });
}

test.each([
  ["$__timeFilter(at)", "at BETWEEN '2026-11-21T10:00:00.000Z' AND '2026-11-21T11:00:00.000Z'"],
  ["$__timeFrom()::timestamptz", "'2026-11-21T10:00:00.000Z'::timestamptz"],
  ["$__timeTo()", "'2026-11-21T11:00:00.000Z'"],
  ["$__time(at)", 'at AS "time"'],
  ["$__timeEpoch(at)", 'extract(epoch from at) AS "time"'],
  ["$__timeGroup(at, '5m')", "floor((extract(epoch from at))/300)*300"],
  ["$__timeGroup(at, $__interval)", "floor((extract(epoch from at))/30)*30"],
  ["$__timeGroup(at, '1h', 0)", "floor((extract(epoch from at))/3600)*3600"],
  ["$__timeGroupAlias(coalesce(a, b), 1m)", 'floor((extract(epoch from coalesce(a, b)))/60)*60 AS "time"'],
  ["$__unixEpochFilter(s)", "s >= 1795255200 AND s <= 1795258800"],
  ["$__unixEpochNanoFilter(n)", "n >= 1795255200000000000 AND n <= 1795258800000000000"],
  ["$__unixEpochGroup(s, '5m')", "floor((s)/300)*300"],
  ["interval '$__interval', $__interval_ms, ${__interval}", "interval '30s', 30000, 30s"],
  [
    "$__timeFilter(a) AND $__timeFilter(b)",
    `${expand("$__timeFilter(a)")} AND ${expand("$__timeFilter(b)")}`,
  ],
  ["SELECT '$5', a FROM b", "SELECT '$5', a FROM b"],
])("%s becomes %s", (sql, expected) => {
  expect(expand(sql)).toBe(expected);
});

test("a step shorter than a second is written in milliseconds", () => {
  expect(expand("'$__interval'", 250)).toBe("'250ms'");
});

test.each([
  ["$__timeFiltr(at)", "Grafana has no macro $__timeFiltr."],
  ["$__timeFilter()", "$__timeFilter lacks an argument."],
  ["$__timeGroup(at)", "$__timeGroup lacks an argument."],
  ["$__timeFilter(at", "$__timeFilter lacks its closing parenthesis."],
])("%s is refused", (sql, message) => {
  expect(() => expand(sql)).toThrow(message);
});
