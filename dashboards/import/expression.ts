import { isDeepStrictEqual } from "node:util";
import {
  above,
  at,
  bars,
  below,
  byMatcher,
  byName,
  byRegexp,
  dataSources,
  heading,
  logql,
  plainDashboard,
  plainPanel,
  promql,
  row,
  section,
  shares,
  span,
  sql,
  stat,
  timeseries,
  toDashboard,
  traceql,
  variable,
} from "../lib/index.js";

/** A piece of TypeScript, with what it evaluates to: what is written is known to give what is wanted. */
export type Expression = { value: unknown } & (
  | { kind: "text"; text: string }
  | { kind: "list"; items: readonly Expression[] }
  | { kind: "mapping"; entries: readonly Entry[] }
  | { kind: "call"; callee: string; args: readonly Expression[] }
);

/** `key: value` of a mapping; without a key, `...value`. */
export interface Entry {
  key?: string;
  value: Expression;
}

/** What of "obs-stack/dashboards" is called. */
const library = {
  ...{ above, at, below, byMatcher, byName, byRegexp, heading, logql, plainDashboard, plainPanel, promql },
  ...{ bars, row, section, shares, span, sql, stat, timeseries, toDashboard, traceql, variable },
};

export type LibraryName = keyof typeof library;

/** Names that are imported, which constants can't have. */
export const libraryNames: readonly string[] = [...Object.keys(library), "dataSources", "units"];

/** A name, or anything else that is written as it is. */
export function named(text: string, value: unknown): Expression {
  return { kind: "text", text, value };
}

/** A call of a function of the library. Throws what that throws. */
export function call(callee: LibraryName, ...args: readonly Expression[]): Expression {
  const called = library[callee] as (...given: unknown[]) => unknown;
  return { kind: "call", callee, args, value: called(...args.map(({ value }) => value)) };
}

/** A list. */
export function list(items: readonly Expression[]): Expression {
  return { kind: "list", items, value: items.map(({ value }) => value) };
}

/** A mapping; keys without a value are left out. */
export function mapping(
  entries: Readonly<Record<string, Expression | undefined>>,
  ...spread: Expression[]
): Expression {
  const own = Object.entries(entries).flatMap(([key, value]): Entry[] => (value ? [{ key, value }] : []));
  const all = [...spread.map((value) => ({ value })), ...own];
  return {
    kind: "mapping",
    entries: all,
    value: Object.fromEntries(
      all.flatMap(({ key, value }: Entry): [string, unknown][] =>
        key === undefined ? Object.entries(value.value as object) : [[key, value.value]],
      ),
    ),
  };
}

/** Any value of JSON; the stack's data sources by their names. */
export function literal(value: unknown): Expression {
  if (Array.isArray(value)) return list(value.map(literal));
  if (typeof value !== "object" || value === null) return named(textOf(value), value);
  const source = Object.entries(dataSources).find(([, each]) => isDeepStrictEqual({ ...each }, value));
  if (source) return named(`dataSources.${source[0]}`, value);
  return mapping(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)])));
}

function textOf(value: unknown): string {
  if (typeof value !== "string") return value === undefined ? "undefined" : JSON.stringify(value);
  // Several lines are readable as they are. Other control signs, a carriage return above all, would be lost.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!value.includes("\n") || /[\u0000-\u0009\u000b-\u001f\u007f\u2028\u2029]/.test(value))
    return quoted(value);
  return `\`${value.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
}

/** In the quotes of which there are fewer within. */
function quoted(value: string): string {
  const double = JSON.stringify(value);
  if (!value.includes('"') || value.includes("'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}
