import type { Client, QueryArrayConfig, QueryConfig } from "pg";
import type { SqlAnswer, SqlColumn, SqlRequest } from "../../dashboards/preview/api.js";
import { type LedgerSettings, ledgerAccess, withLedger } from "../../llm/costs/ledger.js";
import type { Project } from "../project.js";
import { argumentsAt, sqlMacros } from "../validate/dashboards/sql-macros.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import { bounds, StoreDown } from "./forward.js";
import { Refusal } from "./refusal.js";

/** More rows no page could show. */
const mostRows = 10_000;

/** A query as PostgreSQL takes it: Grafana's macros and intervals written out. Throws a {@link Refusal} (400). */
export function expandSql({ sql, from, to, intervalMs }: SqlRequest): string {
  const step = Math.max(1, Math.round(intervalMs));
  const text = sql
    .replaceAll(/\$(?:__interval_ms\b|\{__interval_ms\})/g, String(step))
    .replaceAll(/\$(?:__interval\b|\{__interval\})/g, step % 1000 === 0 ? `${step / 1000}s` : `${step}ms`);
  const start = /\$(__\w+)\(/.exec(text);
  if (!start) return text;
  const [whole, name = ""] = start;
  const macro = sqlMacros[name];
  const given = argumentsAt(text, start.index + whole.length - 1);
  if (!macro) throw new Refusal(400, `Grafana has no macro $${name}.`);
  if (!given || given.list.length < macro.needs)
    throw new Refusal(400, `$${name} lacks ${given ? "an argument" : "its closing parenthesis"}.`);
  const value = macro.text(
    given.list.map((each) => each.trim()),
    { from, to },
  );
  // A column may be an expression with macros of its own.
  return expandSql({
    sql: text.slice(0, start.index) + value + text.slice(given.end),
    from,
    to,
    intervalMs,
    format: "table",
  });
}

/**
 * Asks the ledger, as one who may only read, in a transaction that may only read. Throws a {@link Refusal}: 400 with the
 * database's words about the query, 413 with too many rows, 502 where it can't be reached, 504 where it takes too long.
 */
export async function askLedger(
  project: Project,
  settings: LedgerSettings,
  request: SqlRequest,
  signal: AbortSignal,
): Promise<SqlAnswer> {
  const text = expandSql(request);
  const answer = await ask(project, settings, signal, async (client) => {
    await client.query("BEGIN READ ONLY");
    await client.query(`SET LOCAL statement_timeout = ${bounds.seconds * 1000}`);
    await client.query("SET LOCAL TIME ZONE 'UTC'");
    try {
      await client.query(oneStatement(`DECLARE answer NO SCROLL CURSOR FOR ${text}`));
      return await client.query<(string | null)[]>(asWritten(`FETCH ${mostRows + 1} FROM answer`));
    } catch (error) {
      return refusalOf(error as DatabaseError);
    }
  });
  if (answer instanceof Refusal) throw answer;
  if (answer.rows.length <= mostRows) return shaped(answer.fields, answer.rows, request.format);
  throw new Refusal(
    413,
    `The query gives more than ${mostRows.toLocaleString("en")} rows.`,
    "Sum by longer steps or fewer columns, or add a LIMIT.",
  );
}

async function ask<T>(
  project: Project,
  settings: LedgerSettings,
  signal: AbortSignal,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    const { url } = await ledgerAccess(project, settings, "reader");
    return await withLedger(url, { role: "reader", signal }, use);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [{ what, why, next } = { what: "The ledger can't be asked." }] =
      error.problems as Partial<Problem>[];
    throw new StoreDown(502, [what, why].filter(Boolean).join(" "), next);
  }
}

/** The database refuses what is several statements; and a cursor is declared only for one that gives rows. */
function oneStatement(text: string): QueryConfig {
  const query = { text: text.replace(/[\s;]+$/, ""), queryMode: "extended" };
  return query;
}

/** Cells as the database writes them: what they become is decided here. */
function asWritten(text: string): QueryArrayConfig {
  return { text, rowMode: "array", types: { getTypeParser: () => (value: string) => value } };
}

interface DatabaseError extends Error {
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  code?: string;
}

/** Throws what is about the connection, not the query: it is told as everywhere. */
function refusalOf(error: DatabaseError): Refusal {
  const { code, message } = error;
  if (code === "57014")
    return new Refusal(
      504,
      `The ledger took longer than ${bounds.seconds} seconds.`,
      "Shorten the time range.",
    );
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P|53)/.test(code)) throw error;
  return new Refusal(400, `The ledger's PostgreSQL: ${message}`);
}

/** Types by their OID: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const typesByOid: Readonly<Record<number, SqlColumn["type"]>> = {
  16: "boolean",
  20: "number",
  21: "number",
  23: "number",
  700: "number",
  701: "number",
  1700: "number",
  1082: "time",
  1114: "time",
  1184: "time",
};

const readers: Record<SqlColumn["type"], (text: string) => unknown> = {
  boolean: (text) => text === "t",
  number: (text) => finite(Number(text)),
  // A date alone is UTC already; a moment is, as the session's zone says.
  time: (text) =>
    finite(Date.parse(text.includes(":") ? `${text.replace(" ", "T").replace(/\+00$/, "")}Z` : text)),
  string: (text) => text,
};

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function shaped(
  fields: readonly { name: string; dataTypeID: number }[],
  rows: readonly (string | null)[][],
  format: SqlRequest["format"],
): SqlAnswer {
  const columns = fields.map(({ name, dataTypeID }): SqlColumn & { read: (text: string) => unknown } => {
    const type = typesByOid[dataTypeID] ?? "string";
    // What is called time and is a number counts from 1970, as macros of Grafana's give it.
    return name === "time" && type === "number"
      ? { name, type: "time", read: (text) => epochMs(Number(text)) }
      : { name, type, read: readers[type] };
  });
  const values = rows.map((row) => row.map((cell, at) => (cell === null ? null : columns[at]!.read(cell))));
  const time = columns.findIndex(({ type }) => type === "time");
  if (format === "time_series" && time >= 0) values.sort((a, b) => Number(a[time]) - Number(b[time]));
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows: values };
}

/** Milliseconds of a number of seconds, milli-, micro- or nanoseconds since 1970, told apart by how large it is. */
function epochMs(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  const size = Math.abs(value);
  return size < 1e11 ? value * 1000 : size < 1e14 ? value : size < 1e17 ? value / 1e3 : value / 1e6;
}
