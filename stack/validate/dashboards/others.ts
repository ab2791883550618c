import { parseDurationToken } from "../../promql/literals.js";
import type { CheckContext } from "../check.js";
import type { DashboardQuery, Json } from "./dashboard.js";
import type { SqlReader } from "./sql.js";
import { fillings } from "./variables.js";
import { dashboardWorld } from "./world.js";

/** A place in a query as written, with the word that stands there. */
interface Named {
  name: string;
  at: number;
}

/** A valid query of a panel in LogQL or SQL, taken apart. */
export interface ReadOther {
  query: DashboardQuery;
  /** Of LogQL: its ranges, in milliseconds. */
  ranges: { at: number; ms: number }[];
  /** Of SQL: the tables that it reads. */
  tables: Named[];
  /** Labels or columns that the result has a series or row for each value of. */
  groupedBy: Named[];
}

const readings = new WeakMap<CheckContext, Promise<ReadOther[]>>();

/** Reads the panels' queries in LogQL and SQL once for all checks of a run; those with mistakes are left out. */
export function readOthers(context: CheckContext): Promise<ReadOther[]> {
  let reading = readings.get(context);
  if (!reading) {
    reading = read(context);
    readings.set(context, reading);
  }
  return reading;
}

async function read(context: CheckContext): Promise<ReadOther[]> {
  const { dashboards } = await dashboardWorld(context);
  const wanted = dashboards.flatMap(({ dashboard, others }) =>
    others.filter(({ kind }) => kind === "panel").map((query) => ({ query, dashboard })),
  );
  const has = (language: string) => wanted.some(({ query }) => query.language === language);
  const [logs, tables] = await Promise.all([
    has("logql") ? logqlReader() : undefined,
    has("sql") ? sqlTaker() : undefined,
  ]);
  return wanted.flatMap(({ query, dashboard }) => {
    if (query.language === "logql") return logs?.(query, dashboard) ?? [];
    return query.language === "sql" ? (tables?.(query, dashboard) ?? []) : [];
  });
}

type Taker = (query: DashboardQuery, dashboard: Json) => ReadOther[];

async function logqlReader(): Promise<Taker> {
  const { analyseLogql } = await import("../../logql/index.js");
  const { logqlParts } = await import("../../logql/parts.js");
  return (query, dashboard) => {
    for (const { text, originalOf } of fillings(query.text, dashboard, "logql")) {
      const { tree, errors } = analyseLogql(text);
      if (errors.length > 0) continue;
      const ranges: ReadOther["ranges"] = [];
      const cursor = tree.cursor();
      do {
        if (cursor.name !== "Range") continue;
        const ms = parseDurationToken(text.slice(cursor.from + 1, cursor.to - 1));
        if (typeof ms === "number") ranges.push({ at: originalOf(cursor.from + 1), ms });
      } while (cursor.next());
      const groupedBy = logqlParts(tree, text).groupedBy.map(({ name, from }) => ({
        name,
        at: originalOf(from),
      }));
      return [{ query, ranges, tables: [], groupedBy }];
    }
    return [];
  };
}

async function sqlTaker(): Promise<Taker> {
  const { sqlMentions, sqlReader } = await import("./sql.js");
  const parse: SqlReader = await sqlReader();
  return (query, dashboard) => {
    const { mentions, errors: unknown } = sqlMentions(query.text);
    if (unknown.length > 0) return [];
    for (const { text, originalOf } of fillings(query.text, dashboard, "sql", mentions)) {
      const { errors, doubts, tables, groupedBy } = parse(text);
      if (errors.length > 0 || doubts.length > 0) continue;
      const inOriginal = ({ name, at }: Named) => ({ name, at: originalOf(at) });
      return [{ query, ranges: [], tables: tables.map(inOriginal), groupedBy: groupedBy.map(inOriginal) }];
    }
    return [];
  };
}
