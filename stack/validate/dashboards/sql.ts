import { anyValue } from "../../catalog/judge.js";
import type { QueryError } from "../../promql/index.js";
import { didYouMean } from "../suggest.js";
import { argumentsAt, sqlMacros } from "./sql-macros.js";
import { type SqlName, sqlParts } from "./sql-parts.js";
import { type Mention, mentionsIn } from "./variables.js";

/** Queries are judged as they are asked of some day. */
const someRange = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 2) };

/** Reads SQL; the errors are those for which PostgreSQL refuses it, at most one. */
export type SqlReader = (text: string) => SqlReading;

interface SqlReading {
  errors: QueryError[];
  doubts: QueryError[];
  /** Tables that it reads, and columns that it groups by; empty for what PostgreSQL refuses. */
  tables: { name: string; at: number }[];
  groupedBy: { name: string; at: number }[];
}

const nothing = { doubts: [], tables: [], groupedBy: [] };

/** PostgreSQL's own parser, loaded for the first query in SQL: it takes some 30 ms, and few dashboards have one. */
export async function sqlReader(): Promise<SqlReader> {
  const { loadModule, parseSync, SqlError } = await import("libpg-query");
  await loadModule();
  return (text) => {
    try {
      const { stmts = [] } = parseSync(text) as { stmts?: { stmt?: object; stmt_location?: number }[] };
      const changing = stmts.find(({ stmt }) => changes(stmt));
      const from = characterOf(text, changing?.stmt_location ?? 0);
      const inCharacters = ({ name, byte }: SqlName) => ({ name, at: characterOf(text, byte) });
      const { tables, groupedBy } = sqlParts(stmts);
      const start = from + /^\s*/.exec(text.slice(from))![0].length;
      return {
        tables: tables.map(inCharacters),
        groupedBy: groupedBy.map(inCharacters),
        errors:
          stmts.length === 0
            ? [{ id: "empty", message: "there is no statement", from: 0, to: text.length }]
            : [],
        doubts: changing
          ? [
              {
                id: "changes-data",
                message: "it changes data whenever somebody looks at the dashboard",
                next: "Have dashboards read only.",
                from: start,
                to: text.length,
              },
            ]
          : [],
      };
    } catch (error) {
      if (error instanceof RangeError)
        return {
          ...nothing,
          errors: [{ id: "too-deep", message: "it is nested too deeply", from: 0, to: text.length }],
        };
      if (!(error instanceof SqlError)) throw error;
      const at = Math.min(error.sqlDetails?.cursorPosition ?? 0, text.length);
      const message = error.message.replaceAll('"', "`");
      return { ...nothing, errors: [{ id: "syntax", message, from: at, to: at }] };
    }
  };
}

/** Whether a statement does anything but read. */
function changes(statement: object | undefined): boolean {
  const [kind = "SelectStmt"] = Object.keys(statement ?? {});
  return !["SelectStmt", "ExplainStmt", "VariableShowStmt", "VariableSetStmt"].includes(kind);
}

/** PostgreSQL counts bytes. */
function characterOf(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length;
}

/** The variables of a query in SQL, and Grafana's macros, which look like them but have arguments. */
export function sqlMentions(query: string): { mentions: Mention[]; errors: QueryError[] } {
  const mentions: Mention[] = [];
  const errors: QueryError[] = [];
  for (const mention of mentionsIn(query)) {
    const { name, from, to } = mention;
    if (from < (mentions.at(-1)?.to ?? 0)) continue;
    if (!name.startsWith("__") || query[to] !== "(" || query[from + 1] === "{") {
      mentions.push(mention);
      continue;
    }
    const given = argumentsAt(query, to);
    const macro = sqlMacros[name];
    if (!given)
      errors.push({ id: "macro", message: `the parenthesis of \`$${name}\` is not closed`, from, to });
    else if (!macro) errors.push(unknownMacro(mention));
    else if (given.list.length < macro.needs)
      errors.push({
        id: "macro",
        message: `\`$${name}\` needs ${macro.needs === 1 ? "the column" : "the column and an interval"}`,
        next: `Write \`$${name}(created_at${macro.needs > 1 ? ", $__interval" : ""})\`, with your column.`,
        from,
        to,
      });
    // Whatever is wrong with it is said already; something that fits goes in its place.
    const column = (given?.list[0] ?? "").trim();
    const value =
      macro?.text([mentionsIn(column).length > 0 || column === "" ? anyValue : column, "5m"], someRange) ??
      "true";
    mentions.push({ ...mention, to: given?.end ?? to, value });
  }
  return { mentions, errors };
}

function unknownMacro({ name, from, to }: Mention): QueryError {
  const known = Object.keys(sqlMacros);
  const meant = didYouMean(name, known);
  return {
    id: "macro",
    message: `Grafana has no macro \`$${name}\``,
    next: meant ? `Did you mean \`$${meant}\`?` : `It has: ${known.map((each) => `$${each}`).join(", ")}.`,
    from,
    to,
  };
}
