import { basename } from "node:path";
import { didYouMean } from "../suggest.js";
import type { Layout } from "./layout.js";
import type { ProgramFinding } from "./program-check.js";

/** What Go's templates say of one that can't be read or fails. */
export interface TemplateFault {
  /** Name of the template's file; empty for the text of a receiver. */
  file: string;
  /** From 1. */
  line: number;
  /** Bytes before it on its line; undefined where it isn't said. */
  offset: number | undefined;
  /** The `define` that was executed. */
  template: string | undefined;
  message: string;
}

/** `template: FILE:LINE:OFFSET: executing "NAME" at <WHAT>: MESSAGE`; undefined for a line that is none. */
export function templateFault(line: string): TemplateFault | undefined {
  const [, file, row, offset, rest] =
    /(?:^|: )(?:html\/)?template: ?([^:\s]*):(\d+)(?::(\d+))?: (.*)$/.exec(line) ?? [];
  if (file === undefined || row === undefined || rest === undefined) return undefined;
  const [, template, message = rest] = /^executing "([^"]*)" at <.*?>: (.*)$/.exec(rest) ?? [];
  return {
    file,
    line: Number(row),
    offset: offset === undefined ? undefined : Number(offset),
    template: template || undefined,
    message,
  };
}

/** Whether it uses a template that there is not. */
export function isUndefinedTemplate({ message }: TemplateFault): boolean {
  return /^template "[^"]*" not defined$|no such template/.test(message);
}

/** As a finding: in the user's file, or without a place, with the text that fails among its output. */
export function templateFinding(
  fault: TemplateFault,
  { text, layout, when }: { text: string; layout: Layout; when?: string },
): ProgramFinding {
  const { file, message, template } = fault;
  const path = layout.sources("alertmanager").find((each) => basename(each) === file);
  const source = path === undefined ? undefined : layout.sourceOf(path);
  const subject = template ? `The template "${template}"` : source ? "A template" : "A text of a receiver";
  const readable = template !== undefined || fault.offset !== undefined;
  return {
    severity: "error",
    what: `${subject} ${readable ? "fails" : "can't be read"}: ${message}.`,
    why: readable
      ? `Nobody gets the notifications that use it${when ? `; it fails for ${when}` : ""}.`
      : "Alertmanager does not load a configuration with it.",
    next: nextStep(message),
    ...(source === undefined
      ? { output: [message, ...(text ? [text] : [])] }
      : { place: { file: source, line: fault.line, column: columnOf(fault, layout.textOf(source) ?? "") } }),
  };
}

/** From 1, in characters: where it says, else at the name that it quotes, else where the line begins. */
function columnOf({ line, offset, message }: TemplateFault, text: string): number {
  const words = text.split("\n")[line - 1] ?? "";
  if (offset !== undefined) return Buffer.from(words).subarray(0, offset).toString("utf8").length + 1;
  const quoted = /"([^"]+)"/.exec(message)?.[1];
  const at = quoted === undefined ? -1 : words.indexOf(quoted);
  return at === -1 ? /^\s*/.exec(words)![0].length + 1 : at + 1;
}

/** Fields by type, and functions: https://prometheus.io/docs/alerting/latest/notifications/ */
const fields: Readonly<Record<string, readonly string[]>> = {
  Data: [
    ...["Receiver", "Status", "Alerts", "GroupLabels", "CommonLabels", "CommonAnnotations"],
    "ExternalURL",
  ],
  Alerts: ["Firing", "Resolved"],
  Alert: ["Status", "Labels", "Annotations", "StartsAt", "EndsAt", "GeneratorURL", "Fingerprint"],
  KV: ["SortedPairs", "Remove", "Names", "Values"],
};
const functions: readonly string[] = [
  ...["toUpper", "toLower", "title", "trimSpace", "join", "match", "safeHtml", "reReplaceAll", "stringSlice"],
  ...[
    "date",
    "tz",
    "since",
    "humanizeDuration",
    "and",
    "or",
    "not",
    "len",
    "index",
    "slice",
    "print",
    "printf",
  ],
  ...["println", "html", "js", "urlquery", "call", "eq", "ne", "lt", "le", "gt", "ge"],
];

function nextStep(message: string): string {
  const [, field, type = ""] = /can't evaluate field (\S+) in type \*?template\.(\w+)$/.exec(message) ?? [];
  const name = field ?? /^function "([^"]+)" not defined$/.exec(message)?.[1];
  if (name !== undefined) {
    const known = field === undefined ? functions : (fields[type] ?? []);
    const meant = didYouMean(name, known);
    if (meant) return `Did you mean "${meant}"?`;
    if (known.length > 0) return `There are: ${known.join(", ")}.`;
  }
  if (/unexpected <define> in|unexpected EOF/.test(message)) return "Before this an {{ end }} is missing.";
  return "See what notifications consist of: https://prometheus.io/docs/alerting/latest/notifications/";
}
