import { analyse } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import { templateFields, templateFunctions } from "../template/functions.js";
import { isValue, operandsOf, type RuleTemplate, templatesOf } from "../template/of-rule.js";
import type { Operand, Pipeline } from "../template/parse.js";
import { type TypedTemplate, textOf, typeNames, typesOf } from "../template/types.js";

/** Templates that Prometheus takes, and that fail when the alert fires: people read the error instead of the text. */
export const templateFails: RuleCheck = {
  id: "template-fails",
  severity: "warning",
  run: ({ files }) =>
    rulesOf(files).flatMap((rule) =>
      templatesOf(rule).flatMap((template) =>
        template.parsed.fault
          ? []
          : [
              ...unknownFields(rule, template),
              ...wrongArguments(rule, template),
              ...wrongTypes(rule, template, typesOf(template.parsed)),
            ],
      ),
    ),
};

function finding(
  rule: Rule,
  { kind, name, text }: RuleTemplate,
  what: string,
  next: string,
  at: number,
): Problem {
  return {
    id: "template-fails",
    severity: "warning",
    what,
    why: `The ${kind} "${name}" will read <error expanding template: …> when the alert fires.`,
    next,
    place: placeIn(rule.group.file, text, at),
  };
}

function unknownFields(rule: Rule, template: RuleTemplate): Problem[] {
  return [...operandsOf(template.parsed)].flatMap(({ operand, pipeline }): Problem[] => {
    const { kind, name, fields, at } = operand;
    if (kind === "field" && pipeline.dotIsTop && !templateFields.includes(name)) {
      const meant = didYouMean(name, templateFields);
      return [
        finding(
          rule,
          template,
          `There is no .${name} in an alert.`,
          meant ? `Did you mean ".${meant}"?` : `Did you mean "$labels.${name}"?`,
          at,
        ),
      ];
    }
    if (fields.length === 0) return [];
    const path = [name, ...fields].join(".");
    if (isValue(operand, pipeline) && fields.length > (name === "$" ? 1 : 0)) {
      return [
        finding(
          rule,
          template,
          `The value of an alert is a number; "${path}" has no meaning.`,
          "Use $value.",
          at,
        ),
      ];
    }
    if (kind === "variable" && name === "$labels" && fields.length > 1) {
      return [
        finding(
          rule,
          template,
          `A label is a text; it has no "${fields[1]}".`,
          `Names with dots are taken with index: {{ index $labels "${fields.join(".")}" }}.`,
          at,
        ),
      ];
    }
    return [];
  });
}

function wrongArguments(rule: Rule, template: RuleTemplate): Problem[] {
  return template.parsed.pipelines.flatMap((pipeline) =>
    pipeline.commands.flatMap(({ operands }, index): Problem[] => {
      const [first] = operands;
      const arity = first?.kind === "function" ? templateFunctions.get(first.name) : undefined;
      if (!first || !arity || first.fields.length > 0) return [];
      const given = operands.length - 1 + Number(index > 0);
      const { least, most = Number.POSITIVE_INFINITY } = arity;
      if (given >= least && given <= most) return [];
      const wanted = least === most ? `${least}` : given < least ? `at least ${least}` : `at most ${most}`;
      return [
        finding(
          rule,
          template,
          `"${first.name}" takes ${wanted} argument${wanted.endsWith("1") && wanted !== "11" ? "" : "s"}, and gets ${given}.`,
          argumentsNext(pipeline, first, given),
          first.at,
        ),
      ];
    }),
  );
}

function argumentsNext(pipeline: Pipeline, { name }: Operand, given: number): string {
  return given === 0 && pipeline.commands.length === 1
    ? `Hand it a value: {{ $value | ${name} }} or {{ ${name} $value }}.`
    : "What stands in front of a pipe is the last argument; arguments are separated with spaces.";
}

function wrongTypes(rule: Rule, template: RuleTemplate, { wrong, queries }: TypedTemplate): Problem[] {
  if (wrong.length === 0 && queries.length === 0) return [];
  return [
    ...wrong.map(({ function: { name, at }, wanted, given }) =>
      finding(
        rule,
        template,
        `"${name}" wants ${typeNames[wanted]}, and gets ${typeNames[given]}.`,
        given === "number" && wanted === "text"
          ? `Make it a text first: {{ $value | humanize | ${name} }}.`
          : given === "labels"
            ? `Name the label: {{ $labels.instance | ${name} }}.`
            : given === "result" && wanted === "sample"
              ? `Take one of its samples first: | first | ${name}.`
              : `Hand it ${typeNames[wanted]}.`,
        at,
      ),
    ),
    ...queries.flatMap((query) => wrongQuery(rule, template, query)),
  ];
}

/** Prometheus asks when the alert fires, and not before. */
function wrongQuery(rule: Rule, template: RuleTemplate, query: Operand): Problem[] {
  const [fault] = analyse(textOf(query)).errors;
  if (!fault) return [];
  return [
    finding(
      rule,
      template,
      `The query within the template is not valid: ${fault.message}.`,
      fault.next ?? "Write it as in an expression.",
      query.at,
    ),
  ];
}
