import type { Located, Rule } from "../model.js";
import { type Operand, type ParsedTemplate, type Pipeline, parseTemplate } from "./parse.js";

/** A label or annotation of an alert, as the template it is. */
export interface RuleTemplate {
  kind: "label" | "annotation";
  name: string;
  text: Located<string>;
  parsed: ParsedTemplate;
}

const known = new WeakMap<Rule, RuleTemplate[]>();

/** Labels and annotations of an alert that hold templates; none for recording rules, whose labels are taken as they are. */
export function templatesOf(rule: Rule): RuleTemplate[] {
  if (rule.kind === "record") return [];
  const before = known.get(rule);
  if (before) return before;
  const made: RuleTemplate[] = [];
  add(made, "label", rule.labels);
  // Prometheus expands labels of the group, too, in every alert of it: once is enough to say so.
  if (rule.group.labels.size > 0 && rule === rule.group.rules.find(({ kind }) => kind === "alert"))
    add(made, "label", rule.group.labels);
  add(made, "annotation", rule.annotations);
  known.set(rule, made);
  return made;
}

function add(
  made: RuleTemplate[],
  kind: RuleTemplate["kind"],
  texts: ReadonlyMap<string, Located<string>>,
): void {
  for (const [name, text] of texts)
    if (text.value.includes("{{")) made.push({ kind, name, text, parsed: parseTemplate(text.value) });
}

/** Every value in a template, with the pipeline and whether it begins a command there. */
export function* operandsOf(parsed: ParsedTemplate): Generator<{ operand: Operand; pipeline: Pipeline }> {
  for (const pipeline of parsed.pipelines) {
    for (const { operands } of pipeline.commands) for (const operand of operands) yield { operand, pipeline };
  }
}

/** Whether a value is the alert's: `$value` or `.Value`. */
export function isValue({ kind, name, fields }: Operand, { dotIsTop }: Pipeline): boolean {
  if (kind === "variable" && name === "$value") return true;
  if (kind === "field") return dotIsTop && name === "Value";
  return kind === "variable" && name === "$" && fields[0] === "Value" && dotIsTop;
}

/** A label of the alert that a template reads. */
export interface LabelUse {
  label: string;
  /** UTF-16 offset in the template. */
  at: number;
}

/** The labels that a template reads by name: `$labels.x`, `.Labels.x`, `index $labels "x"`. */
export function labelUses(parsed: ParsedTemplate): LabelUse[] {
  const uses: LabelUse[] = [];
  for (const { operand, pipeline } of operandsOf(parsed)) {
    const label = labelOf(operand, pipeline.dotIsTop);
    if (label !== undefined) uses.push({ label, at: operand.at });
  }
  for (const pipeline of parsed.pipelines) {
    for (const { operands } of pipeline.commands) {
      const [first, map, key] = operands;
      if (first?.name !== "index" || !map || key?.kind !== "literal") continue;
      if (isLabels(map, pipeline.dotIsTop) && /^["`]/.test(key.name)) {
        uses.push({ label: key.name.slice(1, -1), at: key.at });
      }
    }
  }
  return uses;
}

function labelOf(operand: Operand, dotIsTop: boolean): string | undefined {
  const { kind, name, fields } = operand;
  if (kind === "variable" && name === "$labels") return fields[0];
  if (kind === "field" && name === "Labels" && dotIsTop) return fields[0];
  if (kind === "variable" && name === "$" && fields[0] === "Labels") return fields[1];
  return undefined;
}

function isLabels({ kind, name, fields }: Operand, dotIsTop: boolean): boolean {
  if (kind === "variable" && name === "$labels") return fields.length === 0;
  if (kind === "field" && name === "Labels") return dotIsTop && fields.length === 0;
  return kind === "variable" && name === "$" && fields.length === 1 && fields[0] === "Labels";
}
