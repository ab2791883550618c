/** How many arguments a function takes; `most` undefined: any number. What a pipe hands over counts. */
export interface Arity {
  least: number;
  most?: number;
}

const exactly = (count: number): Arity => ({ least: count, most: count });

/**
 * Functions in templates of rules: those of Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/template_reference/)
 * and those that every Go template has (https://pkg.go.dev/text/template#hdr-Functions).
 */
export const templateFunctions: ReadonlyMap<string, Arity> = new Map([
  ["query", exactly(1)],
  ["first", exactly(1)],
  ["label", exactly(2)],
  ["value", exactly(1)],
  ["strvalue", exactly(1)],
  ["sortByLabel", exactly(2)],
  ["args", { least: 0 }],
  ["reReplaceAll", exactly(3)],
  ["match", exactly(2)],
  ["title", exactly(1)],
  ["toUpper", exactly(1)],
  ["toLower", exactly(1)],
  ["safeHtml", exactly(1)],
  ["graphLink", exactly(1)],
  ["tableLink", exactly(1)],
  ["stripPort", exactly(1)],
  ["stripDomain", exactly(1)],
  ["urlQueryEscape", exactly(1)],
  ["humanize", exactly(1)],
  ["humanize1024", exactly(1)],
  ["humanizeDuration", exactly(1)],
  ["humanizePercentage", exactly(1)],
  ["humanizeTimestamp", exactly(1)],
  ["toTime", exactly(1)],
  ["toDuration", exactly(1)],
  ["parseDuration", exactly(1)],
  ["now", exactly(0)],
  ["pathPrefix", exactly(0)],
  ["externalURL", exactly(0)],
  ["and", { least: 1 }],
  ["or", { least: 1 }],
  ["not", exactly(1)],
  ["len", exactly(1)],
  ["index", { least: 1 }],
  ["slice", { least: 1, most: 4 }],
  ["call", { least: 1 }],
  ["print", { least: 0 }],
  ["printf", { least: 1 }],
  ["println", { least: 0 }],
  ["html", { least: 0 }],
  ["js", { least: 0 }],
  ["urlquery", { least: 0 }],
  ["eq", { least: 2 }],
  ["ne", exactly(2)],
  ["lt", exactly(2)],
  ["le", exactly(2)],
  ["gt", exactly(2)],
  ["ge", exactly(2)],
]);

/** Variables that Prometheus sets in front of every template of an alert. */
export const templateVariables: readonly string[] = [
  "$",
  "$labels",
  "$externalLabels",
  "$externalURL",
  "$value",
];

/** Fields of what a template is about, `.Labels` and so on. */
export const templateFields: readonly string[] = ["Labels", "ExternalLabels", "ExternalURL", "Value"];
