import { labelRegexp } from "../../promql/index.js";
import { isMapping } from "../../render/merge.js";

/** A condition of a route or an inhibition on one label. A label that an alert lacks counts as empty. */
export interface AlertMatcher {
  label: string;
  operator: "=" | "!=" | "=~" | "!~";
  value: string;
}

/** Whether a condition holds; `maybe` where that depends on what the alert's series bring. */
export type Verdict = "yes" | "no" | "maybe";

/** `severity=~"a|b"`, with quotes or without; undefined for what isn't a matcher (amtool says so). */
export function parseMatcher(text: string): AlertMatcher | undefined {
  const parts = /^\s*(?:([^\s{}!=~,\\"'`]+)|"((?:[^"\\]|\\.)+)")\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/.exec(text);
  if (!parts) return undefined;
  const [, plain, quoted, operator, written = ""] = parts;
  return {
    label: plain ?? unescaped(quoted!),
    operator: operator as AlertMatcher["operator"],
    value: /^".*"$/s.test(written) ? unescaped(written.slice(1, -1)) : written,
  };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, sign: string) => (sign === "n" ? "\n" : sign));
}

/** A matcher with the keys to it in the part of the configuration that it stands in. */
export interface PlacedMatcher extends AlertMatcher {
  at: PropertyKey[];
}

/**
 * The matchers of a part of Alertmanager's configuration, in today's form (`matchers: [a="b", ...]`, each entry one or
 * several in braces) and the older ones (`match`, `match_re`). `prefix`: of the keys, `source_` or `target_`.
 */
export function matchersIn(part: Record<string, unknown>, prefix = ""): PlacedMatcher[] {
  return [
    ...textsIn(part, prefix).flatMap(({ text, at }) => {
      const matcher = parseMatcher(text);
      return matcher ? [{ ...matcher, at }] : [];
    }),
    ...pairs(part, `${prefix}match`, "="),
    ...pairs(part, `${prefix}match_re`, "=~"),
  ];
}

/** What Alertmanager refuses about matchers, in words, each with the keys to it. */
export function faultyMatchers(
  part: Record<string, unknown>,
  prefix = "",
): { at: PropertyKey[]; what: string; next: string }[] {
  const regexps = pairs(part, `${prefix}match_re`, "=~").flatMap(({ at, value }) => {
    const fault = regexpFault(value);
    return fault ? [{ at, ...fault }] : [];
  });
  const texts = textsIn(part, prefix).flatMap(({ text, at }) => {
    const fault = faultOf(text);
    return fault ? [{ at, ...fault }] : [];
  });
  return [...texts, ...regexps];
}

function faultOf(text: string): { what: string; next: string } | undefined {
  const shown = text.trim();
  const parts = /^\s*(?:[^\s{}!=~,\\"'`]+|"(?:[^"\\]|\\.)+")\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/.exec(text);
  if (!parts)
    return {
      what: `${shown} is not a matcher.`,
      next: "Write a label, =, !=, =~ or !~, and a value in quotes.",
    };
  const [, operator, value = ""] = parts;
  if (!/^(?:"(?:[^"\\]|\\.)*"|(?:[^"\\]|\\.)*)$/s.test(value))
    return /^[=~]/.test(value)
      ? {
          what: `${shown} compares with "${operator}${value[0]}".`,
          next: "Matchers compare with =, !=, =~ (fulfils a regular expression) or !~.",
        }
      : { what: `The quotes of ${shown} don't fit together.`, next: "Put the whole value in double quotes." };
  const matcher = parseMatcher(text);
  return operator === "=~" || operator === "!~" ? regexpFault(matcher?.value ?? "") : undefined;
}

function regexpFault(value: string): { what: string; next: string } | undefined {
  const regexp = labelRegexp(value);
  return typeof regexp === "string"
    ? {
        what: `The regular expression ${JSON.stringify(value)} does not compile: ${regexp}.`,
        next: "Mend it; a sign that is meant as such gets a backslash.",
      }
    : undefined;
}

function textsIn(part: Record<string, unknown>, prefix: string): { text: string; at: PropertyKey[] }[] {
  const key = `${prefix}matchers`;
  const listed = part[key];
  return (Array.isArray(listed) ? listed : []).flatMap((each, index) =>
    typeof each === "string" ? severalIn(each).map((text) => ({ text, at: [key, index] })) : [],
  );
}

/** `{a="b", c="d"}` holds several; commas within quotes don't separate. Left alone where a quote is not closed. */
function severalIn(text: string): string[] {
  const inner = /^\s*\{/.test(text) ? text.replaceAll(/^\s*\{|\}\s*$/g, "") : text;
  if ((inner.replaceAll(/\\./gs, "").match(/"/g) ?? []).length % 2 === 1) return [inner];
  return (inner.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).filter((each) => each.trim() !== "");
}

function pairs(
  part: Record<string, unknown>,
  key: string,
  operator: AlertMatcher["operator"],
): PlacedMatcher[] {
  const value = part[key];
  return isMapping(value)
    ? Object.entries(value).map(([label, each]) => ({
        label,
        operator,
        value: String(each),
        at: [key, label],
      }))
    : [];
}

/** Whether a matcher takes a label's value; empty for a label that is missing. A faulty regular expression: maybe. */
export function takes({ operator, value: wanted }: AlertMatcher, value: string): Verdict {
  if (operator === "=" || operator === "!=") return (value === wanted) === (operator === "=") ? "yes" : "no";
  const regexp = labelRegexp(wanted);
  if (typeof regexp === "string") return "maybe";
  return regexp.matches(value) === (operator === "=~") ? "yes" : "no";
}

/** Whether whatever fulfils `narrow` fulfils `wide`, as far as that can be told. */
export function implies(narrow: readonly AlertMatcher[], wide: readonly AlertMatcher[]): boolean {
  return wide.every((each) =>
    narrow.some((other) => {
      if (other.label !== each.label) return false;
      if (other.operator === each.operator && other.value === each.value) return true;
      return valuesOf(other)?.every((value) => takes(each, value) === "yes") ?? false;
    }),
  );
}

/** Two conditions on one label that no value fulfils. */
export function contradiction(
  some: readonly AlertMatcher[],
  others: readonly AlertMatcher[],
): { one: AlertMatcher; other: AlertMatcher } | undefined {
  for (const one of some)
    for (const other of others) {
      if (one.label !== other.label) continue;
      const never = (a: AlertMatcher, b: AlertMatcher) =>
        valuesOf(a)?.every((value) => takes(b, value) === "no") ?? false;
      if (never(one, other) || never(other, one)) return { one, other };
    }
  return undefined;
}

/** The values that a matcher takes, where they can be listed. */
export function valuesOf({ operator, value }: AlertMatcher): string[] | undefined {
  if (operator === "=") return [value];
  if (operator === "=~" && /^[\w :/@-]+(?:\|[\w :/@-]+)*$/.test(value)) return value.split("|");
  return undefined;
}

/** As one writes it. */
export function shownMatcher({ label, operator, value }: AlertMatcher): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}
