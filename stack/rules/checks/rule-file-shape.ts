import { isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, type RuleCheck } from "../check.js";
import type { Part, PartRole, RuleFile } from "../model.js";
import { isNull } from "../yaml.js";

/** A list where a mapping is wanted, a text where a number is. */
export const ruleFileShape: RuleCheck = {
  id: "rule-file-shape",
  severity: "error",
  run({ files }) {
    const problems: Problem[] = [];
    for (const file of files)
      for (const part of file.parts) {
        const { role, node } = part;
        if (role === "text" && isMistakable(part)) problems.push(mistakable(file, part));
        if (node === undefined || isNull(node)) continue;
        if (!fits(role, node)) problems.push(...wrongShape(file, part, node));
        else if (isMap(node)) problems.push(...oddKeys(file, node));
      }
    return problems;
  },
};

const wanted: Record<PartRole, string> = {
  file: "a mapping with groups",
  groups: "a list of groups",
  group: "a mapping with name and rules",
  rules: "a list of rules",
  rule: "a mapping with alert or record, and expr",
  labels: "a mapping of names to texts",
  annotations: "a mapping of names to texts",
  text: "a text",
  duration: "a duration like 5m",
  number: "a whole number",
};

function wrongShape(file: RuleFile, { role, key }: Part, node: ParsedNode): Problem[] {
  // The check wrong-nesting has more to say about it.
  if (role === "file" && isSeq(node)) return [];
  const subject = key ? `"${String(key.value)}"` : role === "file" ? "A rule file" : `An entry of "${role}s"`;
  const found = isMap(node) ? "a mapping" : isSeq(node) ? "a list" : "a text";
  return [
    {
      id: "rule-file-shape",
      severity: "error",
      what: `${subject} must be ${wanted[role]}; this is ${role === "number" && isScalar(node) ? "none" : found}.`,
      ...(role === "text" &&
        isMap(node) &&
        node.flow && { next: "If it is a template, put it into quotes." }),
      place: placeAt(file, node.range[0]),
    },
  ];
}

function fits(role: PartRole, node: ParsedNode): boolean {
  switch (role) {
    case "groups":
    case "rules":
      return isSeq(node);
    case "text":
    case "duration":
      return isScalar(node);
    case "number":
      return isScalar(node) && node.type === "PLAIN" && isWholeNumber(String(node.value));
    default:
      return isMap(node);
  }
}

/** What Go's YAML library reads as an integer. */
function isWholeNumber(text: string): boolean {
  if (/^[-+]?0[xob][\da-f_]+$/i.test(text)) return true;
  const digits = text.replaceAll("_", "");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits) && Number.isInteger(Number(digits));
}

/** Keys that are lists or mappings: `{{ $labels.job }}` without quotes is one. */
function oddKeys(file: RuleFile, { items }: YAMLMap): Problem[] {
  if (items.every(({ key }) => isScalar(key))) return [];
  return items.flatMap(({ key }): Problem[] =>
    isMap(key) || isSeq(key)
      ? [
          {
            id: "rule-file-shape",
            severity: "error",
            what: "A key must be a text.",
            next: "A value that begins with { or [ needs quotes.",
            place: placeAt(file, (key as { range: [number, number, number] }).range[0]),
          },
        ]
      : [],
  );
}

/** Texts that other readers of YAML than Prometheus take for a number, a truth value or nothing. */
const otherThanText =
  /^(?:[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|0[xob][\da-f]+|\.nan|[-+]?\.inf|true|false|yes|no|on|off|y|n)$/i;

function isMistakable({ node, within }: Part): boolean {
  if ((within !== "labels" && within !== "annotations") || !isScalar(node) || node.type !== "PLAIN")
    return false;
  const text = String(node.value);
  return text.length <= 25 && otherThanText.test(text);
}

function mistakable(file: RuleFile, { node, key }: Part): Problem {
  const kubernetes = file.kind === "kubernetes";
  const text = String((node as Scalar).value);
  return {
    id: "rule-file-shape",
    severity: kubernetes ? "warning" : "notice",
    what: `"${String(key?.value)}" is a text, and ${text} without quotes isn't one for every reader.`,
    why: kubernetes
      ? "Kubernetes refuses a PrometheusRule whose labels and annotations aren't texts."
      : "Prometheus takes it as it is written; Kubernetes refuses it, and others change it: no becomes false, 1.10 becomes 1.1.",
    next: `Write "${text}".`,
    place: placeAt(file, node!.range[0]),
  };
}
