import { parseDuration } from "../../duration.js";

/** The time that a dashboard shows, in milliseconds since 1970. */
export interface TimeRange {
  from: number;
  to: number;
}

/** A macro of Grafana's: how many arguments it needs, and the SQL that it stands for. */
export interface SqlMacro {
  needs: number;
  text(args: readonly string[], range: TimeRange): string;
}

const seconds = (column: string) => `extract(epoch from ${column})`;
const instant = (ms: number) => `'${new Date(ms).toISOString()}'`;
const inSeconds = (ms: number) => String(Math.floor(ms / 1000));
const inNanoseconds = (ms: number) => `${Math.floor(ms)}000000`;
const stepped = (value: string, interval = "") => {
  const step = (parseDuration(interval.replaceAll(/["'\s]/g, "")) ?? 0) / 1000;
  // Grafana refuses an interval that is none, or of no length; here the database is left to.
  return `floor((${value})/${step})*${step}`;
};
const asTime = (value: string) => `${value} AS "time"`;
const between = (column: string, from: string, to: string) => `${column} >= ${from} AND ${column} <= ${to}`;

/**
 * Grafana's macros, by name without the dollar sign:
 * https://grafana.com/docs/grafana/latest/datasources/postgres/query-editor/#macros
 */
export const sqlMacros: Readonly<Record<string, SqlMacro>> = {
  __time: { needs: 1, text: ([column = ""]) => asTime(column) },
  __timeEpoch: { needs: 1, text: ([column = ""]) => asTime(seconds(column)) },
  __timeFilter: {
    needs: 1,
    text: ([column = ""], { from, to }) => `${column} BETWEEN ${instant(from)} AND ${instant(to)}`,
  },
  __timeFrom: { needs: 0, text: (_, { from }) => instant(from) },
  __timeTo: { needs: 0, text: (_, { to }) => instant(to) },
  __timeGroup: { needs: 2, text: ([column = "", interval]) => stepped(seconds(column), interval) },
  __timeGroupAlias: {
    needs: 2,
    text: ([column = "", interval]) => asTime(stepped(seconds(column), interval)),
  },
  __unixEpochFilter: {
    needs: 1,
    text: ([column = ""], { from, to }) => between(column, inSeconds(from), inSeconds(to)),
  },
  __unixEpochFrom: { needs: 0, text: (_, { from }) => inSeconds(from) },
  __unixEpochTo: { needs: 0, text: (_, { to }) => inSeconds(to) },
  __unixEpochNanoFilter: {
    needs: 1,
    text: ([column = ""], { from, to }) => between(column, inNanoseconds(from), inNanoseconds(to)),
  },
  __unixEpochNanoFrom: { needs: 0, text: (_, { from }) => inNanoseconds(from) },
  __unixEpochNanoTo: { needs: 0, text: (_, { to }) => inNanoseconds(to) },
  __unixEpochGroup: { needs: 2, text: ([column = "", interval]) => stepped(column, interval) },
  __unixEpochGroupAlias: {
    needs: 2,
    text: ([column = "", interval]) => asTime(stepped(column, interval)),
  },
};

/** What stands within the parentheses that open at a place; undefined where they aren't closed. */
export function argumentsAt(query: string, open: number): { list: string[]; end: number } | undefined {
  const list = [""];
  let depth = 0;
  let quote: string | undefined;
  for (let at = open; at < query.length; at++) {
    const sign = query[at]!;
    if (quote) quote = sign === quote ? undefined : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else if (sign === "(") depth++;
    else if (sign === ")") depth--;
    if (depth === 0) return { list: list.join("").trim() === "" ? [] : list, end: at + 1 };
    if (sign === "," && depth === 1 && !quote) list.push("");
    else if (at > open) list[list.length - 1] += sign;
  }
  return undefined;
}
