import { isValue } from "./of-rule.js";
import type { Command, Operand, ParsedTemplate, Pipeline } from "./parse.js";

/** What a value in a template is; `any` where it isn't known. */
export interface TemplateType {
  kind: "any" | "number" | "text" | "labels" | "result" | "sample";
  /** Of a result or a sample: the literal query it comes from. */
  query?: Operand;
}

const any: TemplateType = { kind: "any" };
const number: TemplateType = { kind: "number" };
const text: TemplateType = { kind: "text" };

/** What people call these types. */
export const typeNames: Record<Exclude<TemplateType["kind"], "any">, string> = {
  number: "a number",
  text: "a text",
  labels: "all labels",
  result: "the result of a query",
  sample: "one sample of a query's result",
};

/** Arguments and result of the functions of Prometheus' templates; the last argument is what a pipe hands over. */
const signatures: Readonly<
  Record<string, { takes: readonly TemplateType["kind"][]; gives: TemplateType["kind"] }>
> = {
  query: { takes: ["text"], gives: "result" },
  first: { takes: ["result"], gives: "sample" },
  label: { takes: ["text", "sample"], gives: "text" },
  value: { takes: ["sample"], gives: "number" },
  strvalue: { takes: ["sample"], gives: "text" },
  sortByLabel: { takes: ["text", "result"], gives: "result" },
  reReplaceAll: { takes: ["text", "text", "text"], gives: "text" },
  match: { takes: ["text", "text"], gives: "any" },
  title: { takes: ["text"], gives: "text" },
  toUpper: { takes: ["text"], gives: "text" },
  toLower: { takes: ["text"], gives: "text" },
  graphLink: { takes: ["text"], gives: "text" },
  tableLink: { takes: ["text"], gives: "text" },
  stripPort: { takes: ["text"], gives: "text" },
  stripDomain: { takes: ["text"], gives: "text" },
  urlQueryEscape: { takes: ["text"], gives: "text" },
  parseDuration: { takes: ["text"], gives: "number" },
  safeHtml: { takes: ["text"], gives: "text" },
  humanize: { takes: ["any"], gives: "text" },
  humanize1024: { takes: ["any"], gives: "text" },
  humanizeDuration: { takes: ["any"], gives: "text" },
  humanizePercentage: { takes: ["any"], gives: "text" },
  humanizeTimestamp: { takes: ["any"], gives: "text" },
  print: { takes: [], gives: "text" },
  printf: { takes: [], gives: "text" },
  println: { takes: [], gives: "text" },
};

/** An argument of a type that its function refuses when the template is expanded. */
export interface WrongArgument {
  function: Operand;
  wanted: Exclude<TemplateType["kind"], "any">;
  given: Exclude<TemplateType["kind"], "any">;
}

/** Every argument of a wrong type, and every sample or result a query's label is read of. */
export interface TypedTemplate {
  wrong: WrongArgument[];
  /** Literal queries. */
  queries: Operand[];
  /** Labels that are read of a literal query's result. */
  queryLabels: { label: string; at: number; query: Operand }[];
}

/** Works out what the values of a template are. */
export function typesOf({ pipelines }: ParsedTemplate): TypedTemplate {
  const found: TypedTemplate = { wrong: [], queries: [], queryLabels: [] };
  // Most only print and round.
  if (!pipelines.some(({ commands }) => commands.some(({ operands }) => isPicky(operands[0])))) return found;
  const known = new Map<Pipeline, TemplateType>();
  // Those in parentheses come behind the one they are in, and are looked at with it.
  for (const pipeline of pipelines)
    if (pipeline.use !== "parenthesis") typeOfPipeline(pipeline, known, found);
  return found;
}

function isPicky(operand: Operand | undefined): boolean {
  if (operand?.kind !== "function" || !Object.hasOwn(signatures, operand.name)) return false;
  return signatures[operand.name]!.takes.some((kind) => kind !== "any");
}

function typeOfPipeline(
  pipeline: Pipeline,
  known: Map<Pipeline, TemplateType>,
  found: TypedTemplate,
): TemplateType {
  const before = known.get(pipeline);
  if (before) return before;
  let type: TemplateType | undefined;
  for (const command of pipeline.commands) type = typeOfCommand(command, type, pipeline, known, found);
  known.set(pipeline, type ?? any);
  return type ?? any;
}

function typeOfCommand(
  { operands }: Command,
  handed: TemplateType | undefined,
  pipeline: Pipeline,
  known: Map<Pipeline, TemplateType>,
  found: TypedTemplate,
): TemplateType {
  const [first, ...rest] = operands;
  const types = rest.map((operand) => typeOfOperand(operand, pipeline, known, found));
  if (first?.kind !== "function") return first ? typeOfOperand(first, pipeline, known, found) : any;
  const signature = Object.hasOwn(signatures, first.name) ? signatures[first.name] : undefined;
  if (!signature || first.fields.length > 0) return any;
  const args = handed ? [...types, handed] : types;
  for (const [at, wanted] of signature.takes.entries()) {
    const given = args[at];
    if (!given || wanted === "any" || given.kind === "any" || given.kind === wanted) continue;
    found.wrong.push({ function: first, wanted, given: given.kind });
  }
  const query = args.find((each) => each.query)?.query;
  if (first.name === "query") {
    if (rest[0]?.kind !== "literal") return { kind: "result" };
    found.queries.push(rest[0]);
    return { kind: "result", query: rest[0] };
  }
  if (first.name === "label" && rest[0]?.kind === "literal" && query)
    found.queryLabels.push({ label: textOf(rest[0]), at: rest[0].at, query });
  return signature.gives === "result" || signature.gives === "sample"
    ? { kind: signature.gives, ...(query && { query }) }
    : { kind: signature.gives };
}

function typeOfOperand(
  operand: Operand,
  pipeline: Pipeline,
  known: Map<Pipeline, TemplateType>,
  found: TypedTemplate,
): TemplateType {
  const { kind, name, fields } = operand;
  if (kind === "pipeline" && operand.pipeline)
    return fields.length === 0 ? typeOfPipeline(operand.pipeline, known, found) : any;
  if (kind === "literal") return /^["`]/.test(name) ? text : /^[-+\d.]/.test(name) ? number : any;
  if (isValue(operand, pipeline)) return fields.length > (name === "$" ? 1 : 0) ? any : number;
  if (kind === "variable" && name === "$labels") return fields.length === 0 ? { kind: "labels" } : text;
  if (kind === "field" && pipeline.dotIsTop && name === "Labels")
    return fields.length === 0 ? { kind: "labels" } : text;
  const dot = pipeline.dot && dotOf(pipeline.dot, known, found);
  if (kind === "dot") return dot ?? any;
  if (kind !== "field" || dot?.kind !== "sample") return any;
  if (name === "Value") return number;
  if (name !== "Labels") return any;
  if (fields[0] !== undefined && dot.query)
    found.queryLabels.push({ label: fields[0], at: operand.at, query: dot.query });
  return fields.length === 0 ? { kind: "labels" } : text;
}

/** `with` sets the dot to its value, `range` to each element of it. */
function dotOf(outer: Pipeline, known: Map<Pipeline, TemplateType>, found: TypedTemplate): TemplateType {
  const type = typeOfPipeline(outer, known, found);
  if (outer.use !== "range") return type;
  return type.kind === "result" ? { ...type, kind: "sample" } : any;
}

/** The text of a literal without escapes. */
export function textOf({ name }: Operand): string {
  if (!name.startsWith('"')) return name.slice(1, -1);
  try {
    return JSON.parse(name) as string;
  } catch {
    return name.slice(1, -1);
  }
}
