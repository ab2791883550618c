import { distance } from "fastest-levenshtein";
import { anyValue } from "../../catalog/judge.js";
import { type Json, mappings, type QueryLanguage, textAt, variablesOf } from "./dashboard.js";

/** A mention of a variable: `$name`, `${name}`, `${name:format}`, `[[name]]`. */
export interface Mention {
  name: string;
  from: number;
  to: number;
  /** What to put in its place, where that is settled. */
  value?: string;
}

const mention = /\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\]|\$([A-Za-z_]\w*)/g;

/** Every mention of a variable in a text. A `$` before a digit belongs to a regular expression, not to a variable. */
export function mentionsIn(text: string): Mention[] {
  return [...text.matchAll(mention)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3]!;
    return /^\d/.test(name) ? [] : [{ name, from: match.index, to: match.index + match[0].length }];
  });
}

/**
 * Variables of Grafana's own that queries use:
 * https://grafana.com/docs/grafana/latest/visualizations/dashboards/variables/add-template-variables/#global-variables
 */
export const builtIns: readonly string[] = [
  "__interval",
  "__interval_ms",
  "__rate_interval",
  "__rate_interval_ms",
  "__range",
  "__range_s",
  "__range_ms",
  "__from",
  "__to",
  "__dashboard",
  "__name",
  "__org",
  "__user",
  "__timeFilter",
  "__timezone",
  "__auto",
];

/**
 * Variables that Grafana itself sets; also some without underscores, of its first days. Data sources and links have
 * more of them: one with two underscores is believed unless it is nearly one of the usual.
 */
export function isBuiltIn(name: string): boolean {
  if (builtIns.includes(name) || name === "timeFilter") return true;
  return name.startsWith("__") && !nearlyBuiltIn(name);
}

/** `__rate_intervall`: of the longer names only, since two short ones may well be alike. */
function nearlyBuiltIn(name: string): boolean {
  return builtIns.some((known) => known.length > 8 && distance(name, known) <= 2);
}

/** A query with values in the place of its variables, and the way back to the original's places. */
export interface Filled {
  text: string;
  /** Offset in the original of an offset in the text. */
  originalOf(offset: number): number;
}

const builtInValues: Readonly<Record<string, string>> = {
  __auto: "1m",
  __interval: "1m",
  __rate_interval: "5m",
  __range: "1h",
  __interval_ms: "60000",
  __rate_interval_ms: "300000",
  __range_s: "3600",
  __range_ms: "3600000",
  __from: "1700000000000",
  __to: "1700003600000",
};

/** What may stand in the place of a variable outside quotes whose value isn't known: one way of reading for each. */
const bareValues: Readonly<Record<QueryLanguage, readonly string[]>> = {
  promql: [anyValue, "1", "5m"],
  logql: [anyValue, "1", "5m"],
  traceql: ["true", "1", "5m"],
  sql: [anyValue, "1", "'x'"],
};

/**
 * The ways in which variables may be filled in, likeliest first. Within quotes any text will do and within brackets a
 * duration; elsewhere a variable without a value of its own may be a name, a number or a duration: one way for each.
 */
export function fillings(
  query: string,
  dashboard: Json,
  language: QueryLanguage = "promql",
  mentions: readonly Mention[] = mentionsIn(query),
): Filled[] {
  if (mentions.length === 0) return [{ text: query, originalOf: (offset) => offset }];
  const own = new Map(variablesOf(dashboard).map((each) => [textAt(each, "name"), fixedValue(each)]));
  const bare = mentions.some(
    ({ name, from, value }) =>
      value === undefined &&
      builtInValues[name] === undefined &&
      own.get(name) === undefined &&
      !quoted(query, from) &&
      !inBrackets(query, from),
  );
  const values = bareValues[language];
  return (bare ? values : values.slice(0, 1)).map((value) =>
    fill(query, mentions, ({ name, from, value: settled }) => {
      if (settled !== undefined) return settled;
      if (builtInValues[name] !== undefined) return builtInValues[name];
      if (quoted(query, from)) return anyValue;
      return own.get(name) ?? (inBrackets(query, from) ? "5m" : value);
    }),
  );
}

function fill(query: string, mentions: readonly Mention[], filler: (mention: Mention) => string): Filled {
  let text = "";
  let end = 0;
  /** Pairs of offsets, in the text and in the original, behind each variable. */
  const anchors: { at: number; original: number; start: number; from: number }[] = [];
  for (const each of mentions) {
    text += query.slice(end, each.from);
    const start = text.length;
    text += filler(each);
    end = each.to;
    anchors.push({ start, from: each.from, at: text.length, original: each.to });
  }
  text += query.slice(end);
  return {
    text,
    originalOf(offset) {
      const last = anchors.findLast(({ start }) => start <= offset);
      if (!last) return offset;
      return offset < last.at ? last.from : last.original + offset - last.at;
    },
  };
}

/** The value of a variable that has only one, or its first where it has several fixed ones. */
function fixedValue(variable: Json): string | undefined {
  const type = textAt(variable, "type");
  const query = textAt(variable, "query");
  if (type === "constant" || type === "textbox") return query || undefined;
  if (type !== "custom" && type !== "interval") return undefined;
  const option = mappings(variable.options)
    .map((each) => textAt(each, "value"))
    .find((value) => value !== "" && value !== "$__all" && !value.startsWith("$__auto"));
  const first = query.split(",")[0]?.trim().split(" : ").at(-1)?.trim();
  return option ?? (first || undefined);
}

function quoted(query: string, at: number): boolean {
  let open: string | undefined;
  for (let index = 0; index < at; index++) {
    const char = query[index]!;
    if (open) {
      if (char === "\\" && open !== "`") index++;
      else if (char === open) open = undefined;
    } else if (char === '"' || char === "'" || char === "`") open = char;
  }
  return open !== undefined;
}

function inBrackets(query: string, at: number): boolean {
  const open = query.lastIndexOf("[", at - 1);
  return open !== -1 && !query.slice(open, at).includes("]");
}
