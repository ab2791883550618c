import { labelRegexp, type Matcher } from "../../promql/index.js";
import { type QueryFinding, queryCheck } from "../queries.js";

/** Matchers whose regular expression does nothing, matches nothing, is none, or isn't taken for one. */
export const promqlRegexp = queryCheck("promql-regexp", "warning", function* ({ selectors }) {
  for (const { matchers } of selectors)
    for (const matcher of matchers) {
      const finding = judgeMatcher(matcher);
      if (finding) yield finding;
    }
});

/** What is wrong with one matcher, of PromQL or LogQL, as far as its value goes. */
export function judgeMatcher(matcher: Matcher): QueryFinding | undefined {
  const { label, operator, value } = matcher;
  const at = { from: matcher.valueFrom, to: matcher.valueTo };
  if (operator !== "=~" && operator !== "!~") return asText(matcher, at);
  const written = `\`${label}${operator}"${value}"\``;
  const equal = operator === "=~" ? "=" : "!=";
  if (everything.has(value))
    return operator === "=~"
      ? {
          at,
          what: `${written} lets every series pass, also those without the label.`,
          next: `Take it out, or write \`${label}!=""\` when the label must be there.`,
        }
      : {
          at,
          what: `${written} lets no series pass.`,
          why: "The expression matches every text, and the empty one too.",
        };
  if (operator === "!~" && (value === ".+" || value === "(.+)"))
    return {
      at,
      severity: "notice",
      what: `${written} needs no regular expression: it asks for series without the label.`,
      next: `Write \`${label}=""\`.`,
    };
  const literal = literalOf(/^\(([^()|]*)\)$/.exec(value)?.[1] ?? value);
  if (literal !== undefined)
    return {
      at,
      severity: "notice",
      what: `${written} needs no regular expression.`,
      next: `Write \`${label}${equal}${JSON.stringify(literal)}\`.`,
    };
  const stem = /^([\w/:-]*\w)\*$/.exec(value)?.[1];
  if (stem !== undefined)
    return {
      at,
      what: `${written} does not mean what begins with "${stem}".`,
      why: `In a regular expression \`*\` repeats the sign before it: "${stem.slice(-1)}".`,
      next: `Write \`${label}${operator}${JSON.stringify(`${stem}.*`)}\`.`,
    };
  const inner = value.replace(/^\^/, "").replace(/(?<!\\)\$$/, "");
  if (inner !== value)
    return {
      at,
      severity: "notice",
      what: `The anchors in ${written} change nothing.`,
      why: inner.includes("|")
        ? "Prometheus always matches the whole value, with each of the alternatives."
        : "Prometheus always matches the whole value.",
      next: `Write \`${label}${operator}${JSON.stringify(literalOf(inner) ?? inner)}\`.`,
    };
  if (unreachable.test(value) && !/[\\[(]/.test(value))
    return {
      at,
      what: `${written} can match nothing.`,
      why: "An anchor in the middle asks for the beginning or end of the value where there is more of it.",
    };
  const regexp = labelRegexp(value);
  if (/(?:^\||[^\\]\|$|[^\\]\|\|)/.test(value) && typeof regexp !== "string" && regexp.matches(""))
    return {
      at,
      severity: "notice",
      what: `${written} has an empty alternative.`,
      why: "It matches series that don't have the label at all.",
      next: "Take the stray `|` out if that isn't meant.",
    };
  if (naming.test(label) && /^[\w-]{2,}\.[*+](?:[\w-]{2,})?$/.test(value))
    return {
      at,
      severity: "notice",
      what: `${written} looks for several things in one label.`,
      why: "A value put together of parts can be matched by mistake, and can't be grouped by its parts.",
      next: "Give the parts labels of their own where the job is scraped.",
    };
  return undefined;
}

/** Labels that name one thing; paths, pods and mount points have parts by their nature. */
const naming = /^(?:job|service|service_name|app|env|environment|cluster|region|team)$/;

/** A regular expression where a plain value is compared: `.*`, `.+`, alternatives, the wildcards of `5..`. */
function asText({ label, operator, value }: Matcher, at: QueryFinding["at"]): QueryFinding | undefined {
  if (!/\.[*+]|\w\|\w|^\d\.\.$/.test(value)) return undefined;
  return {
    at,
    what: `\`${label}${operator}"${value}"\` takes a regular expression for a plain text.`,
    why: `It ${operator === "=" ? "wants" : "leaves out"} the very value "${value}", signs and all.`,
    next: `Write \`${label}${operator === "=" ? "=~" : "!~"}${JSON.stringify(value)}\`.`,
  };
}

const everything = new Set([".*", "(.*)", "^.*$", "^.*", ".*$", ".*.*", "(?s).*"]);
const unreachable = /^[^|]*[^|^]\^|\$[^|$]/;

/** The one text an expression matches, if it is that simple. */
function literalOf(source: string): string | undefined {
  if (!/^(?:[^\\.+*?()|[\]{}^$]|\\[.+*?()|[\]{}^$/-])*$/.test(source)) return undefined;
  return source.replace(/\\(.)/g, "$1");
}
