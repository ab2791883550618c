import { anyValue } from "../../catalog/judge.js";
import type { QueryError } from "../../promql/index.js";
import { didYouMean } from "../suggest.js";
import { type Mention, mentionsIn } from "./variables.js";

/** Reads SQL; the errors are those for which PostgreSQL refuses it, at most one. */
export type SqlReader = (text: string) => { errors: QueryError[]; doubts: QueryError[] };

/** PostgreSQL's own parser, loaded for the first query in SQL: it takes some 30 ms, and few dashboards have one. */
export async function sqlReader(): Promise<SqlReader> {
  const { loadModule, parseSync, SqlError } = await import("libpg-query");
  await loadModule();
  return (text) => {
    try {
      const { stmts = [] } = parseSync(text) as { stmts?: { stmt?: object; stmt_location?: number }[] };
      const changing = stmts.find(({ stmt }) => changes(stmt));
      const from = characterOf(text, changing?.stmt_location ?? 0);
      const start = from + /^\s*/.exec(text.slice(from))![0].length;
      return {
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
          errors: [{ id: "too-deep", message: "it is nested too deeply", from: 0, to: text.length }],
          doubts: [],
        };
      if (!(error instanceof SqlError)) throw error;
      const at = Math.min(error.sqlDetails?.cursorPosition ?? 0, text.length);
      const message = error.message.replaceAll('"', "`");
      return { errors: [{ id: "syntax", message, from: at, to: at }], doubts: [] };
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

const seconds = (column: string) => `extract(epoch from ${column})`;
const instant = "'2024-01-01T00:00:00Z'";

/**
 * What Grafana's macros become, near enough for the grammar, and how many arguments each needs:
 * https://grafana.com/docs/grafana/latest/datasources/postgres/query-editor/#macros
 */
const macros: Readonly<Record<string, { needs: number; text(column: string): string }>> = {
  __time: { needs: 1, text: (column) => `${column} AS "time"` },
  __timeEpoch: { needs: 1, text: (column) => `${seconds(column)} AS "time"` },
  __timeFilter: { needs: 1, text: (column) => `${column} BETWEEN ${instant} AND ${instant}` },
  __timeFrom: { needs: 0, text: () => instant },
  __timeTo: { needs: 0, text: () => instant },
  __timeGroup: { needs: 2, text: (column) => `floor(${seconds(column)}/300)*300` },
  __timeGroupAlias: { needs: 2, text: (column) => `floor(${seconds(column)}/300)*300 AS "time"` },
  __unixEpochFilter: { needs: 1, text: (column) => `${column} >= 1 AND ${column} <= 2` },
  __unixEpochFrom: { needs: 0, text: () => "1" },
  __unixEpochTo: { needs: 0, text: () => "2" },
  __unixEpochNanoFilter: { needs: 1, text: (column) => `${column} >= 1 AND ${column} <= 2` },
  __unixEpochNanoFrom: { needs: 0, text: () => "1" },
  __unixEpochNanoTo: { needs: 0, text: () => "2" },
  __unixEpochGroup: { needs: 2, text: (column) => `floor((${column})/300)*300` },
  __unixEpochGroupAlias: { needs: 2, text: (column) => `floor((${column})/300)*300 AS "time"` },
};

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
    const macro = macros[name];
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
    const value = macro?.text(mentionsIn(column).length > 0 || column === "" ? anyValue : column) ?? "true";
    mentions.push({ ...mention, to: given?.end ?? to, value });
  }
  return { mentions, errors };
}

function unknownMacro({ name, from, to }: Mention): QueryError {
  const known = Object.keys(macros);
  const meant = didYouMean(name, known);
  return {
    id: "macro",
    message: `Grafana has no macro \`$${name}\``,
    next: meant ? `Did you mean \`$${meant}\`?` : `It has: ${known.map((each) => `$${each}`).join(", ")}.`,
    from,
    to,
  };
}

/** What stands within the parentheses that open at a place; undefined where they aren't closed. */
function argumentsAt(query: string, open: number): { list: string[]; end: number } | undefined {
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
