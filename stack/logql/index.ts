import { createRequire } from "node:module";
import type { SyntaxNode, Tree } from "@lezer/common";
import { labelRegexp, type MatchOperator, matchesEmpty, type QueryError } from "../promql/index.js";
import { tokenize } from "../promql/lexer.js";
import { parseDurationToken, unquote } from "../promql/literals.js";
import {
  aggregationParameters,
  captureNames,
  needsUnwrap,
  patternFault,
  reservedWords,
  takesGrouping,
  takesUnwrap,
} from "./rules.js";
import { grammarSpelling, variantsIn } from "./spelling.js";

/** The tables of the grammar: loaded for the first LogQL expression, since most rule files have none. */
const grammar = () =>
  (createRequire(import.meta.url)("@grafana/lezer-logql") as typeof import("@grafana/lezer-logql")).parser;

/** A LogQL expression taken apart. */
export interface LogqlAnalysis {
  tree: Tree;
  /** For what Loki refuses the expression, by place; empty for a valid one. */
  errors: QueryError[];
  /** What Loki takes, and what fails at every evaluation of a rule. */
  failures: QueryError[];
  /** Of a valid one: numbers, or lines of logs. */
  type?: "metric" | "log";
}

/**
 * Reads a LogQL expression with the verdict of `lokitool rules check` 3.7. Pure, never throws.
 */
export function analyseLogql(expr: string): LogqlAnalysis {
  const variants = analyseVariants(expr);
  if (variants) return variants;
  const tree = grammar().parse(grammarSpelling(expr));
  const errors: QueryError[] = [];
  const failures: QueryError[] = [];
  const wrong = firstFault(tree, expr);
  if (wrong) return { tree, errors: [wrong], failures };
  const context: Context = { expr, errors, failures };
  // A cursor goes through the tree without recursion, however deep it is.
  const cursor = tree.cursor();
  do checks[cursor.name]?.(cursor.node, context);
  while (cursor.next());
  errors.sort((a, b) => a.from - b.from);
  if (errors.length > 0) return { tree, errors, failures };
  const type = tree.topNode.firstChild?.firstChild?.name === "LogExpr" ? "log" : "metric";
  if (type === "log")
    failures.push({
      id: "log-lines",
      message: "the query gives lines of logs, which no rule can use",
      next: "Count them: `count_over_time({...} [5m])`.",
      from: 0,
      to: expr.length,
    });
  return { tree, errors, failures, type };
}

const mindedInVariants = new Set(["Matcher", "String", "Range", "Identifier", "LabelName"]);

/**
 * `variants(...) of (...)` is experimental: Loki minds how its parts are written and that the range selects something, and
 * takes everything else. Undefined for other expressions.
 */
function analyseVariants(expr: string): LogqlAnalysis | undefined {
  const parts = variantsIn(expr);
  if (!parts) return undefined;
  const tree = grammar().parse("");
  const faultAt = (from: number) => {
    const word = /^(?:\w+|.)/s.exec(expr.slice(from))?.[0];
    const message = word ? `unexpected \`${word}\`` : "the expression ends too early";
    return { tree, errors: [{ id: "syntax", message, from, to: from + (word?.length ?? 0) }], failures: [] };
  };
  if ("fault" in parts) return faultAt(parts.fault);
  for (const { from, to } of parts.counted) {
    const part = expr.slice(from, to);
    const counted = grammar().parse(grammarSpelling(part));
    const wrong = firstFault(counted, part);
    if (wrong) return { tree, errors: [movedBy(wrong, from)], failures: [] };
    if (counted.topNode.firstChild?.firstChild?.name === "LogExpr") return faultAt(to);
    const context: Context = { expr: part, errors: [], failures: [] };
    const cursor = counted.cursor();
    do if (mindedInVariants.has(cursor.name)) checks[cursor.name]!(cursor.node, context);
    while (cursor.next());
    if (context.errors.length > 0)
      return { tree, errors: context.errors.map((error) => movedBy(error, from)), failures: [] };
  }
  // The range alone is no expression: counted, it is one.
  const { from, to } = parts.range;
  const count = "rate";
  const range = analyseLogql(count + expr.slice(from, to) + expr.slice(parts.end));
  const errors = range.errors.map((error) => movedBy(error, from - count.length));
  return { tree, errors, failures: [], ...(errors.length === 0 && { type: "metric" as const }) };
}

function movedBy<T extends { from: number; to: number }>(error: T, by: number): T {
  return { ...error, from: error.from + by, to: error.to + by };
}

interface Context {
  expr: string;
  errors: QueryError[];
  failures: QueryError[];
}

/** The first place that the grammar can't make sense of. */
function firstFault(tree: Tree, expr: string): QueryError | undefined {
  if (expr.trim() === "") return { id: "empty", message: "there is no expression", from: 0, to: expr.length };
  const cursor = tree.cursor();
  do {
    if (!cursor.type.isError) continue;
    const from = Math.min(cursor.from, expr.length);
    if (operationsBefore(expr, from) > longChain)
      return {
        id: "too-deep",
        message: "the expression is nested too deeply, or chains too many operations",
        next: "Split it into recording rules.",
        from,
        to: from,
      };
    const rest = expr.slice(from);
    const lead = rest.length - rest.trimStart().length;
    const [word = ""] =
      /^(?:[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"?|`[^`]*`?|[=!<>|]?[=~<>]|.)/s.exec(rest.trimStart()) ?? [];
    if (word === "")
      return { id: "syntax", message: "the expression ends too early", from: expr.length, to: expr.length };
    const at = from + lead;
    const call = /^[a-z_]+\w*$/i.test(word) && /^\s*\(/.test(expr.slice(at + word.length));
    return {
      id: "syntax",
      message: call ? `there is no function \`${word}\` here` : `unexpected \`${word}\``,
      from: at,
      to: at + word.length,
    };
  } while (cursor.next());
  return undefined;
}

/** The grammar's parser gives up where its stack grows too high, which is at some 200 operations in a row. */
const longChain = 150;

function operationsBefore(expr: string, end: number): number {
  return expr.slice(0, end).match(/[)\]\w]\s*[+*/%^-]/g)?.length ?? 0;
}

type NodeCheck = (node: SyntaxNode, context: Context) => void;

const operators: Record<string, MatchOperator> = { Eq: "=", Neq: "!=", Re: "=~", Nre: "!~" };

function textOf(node: SyntaxNode | null, expr: string): string {
  return node ? expr.slice(node.from, node.to) : "";
}

function stringOf(node: SyntaxNode | null, expr: string): string | undefined {
  return node ? unquote(textOf(node, expr)).value : undefined;
}

/** Children and deeper, down to the next node of some names. */
function has(node: SyntaxNode, name: string): boolean {
  const cursor = node.cursor();
  while (cursor.next() && cursor.from < node.to)
    if (cursor.name === name && cursor.to <= node.to) return true;
  return false;
}

function checkNumber(node: SyntaxNode, { expr, errors }: Context): void {
  // Filters of labels read more forms than arithmetic does.
  if (node.parent?.parent?.name === "NumberFilter" || node.parent?.name === "NumberFilter") return;
  const text = textOf(node, expr);
  const value = Number(text.replaceAll("_", ""));
  if (/^[-+]?0x/i.test(text) || Number.isNaN(value) || !Number.isFinite(value))
    errors.push({
      id: "number",
      message: `\`${text}\` is not a number Loki can read`,
      from: node.from,
      to: node.to,
    });
}

function checkName(node: SyntaxNode, { expr, errors }: Context): void {
  const text = textOf(node, expr);
  if (reservedWords.has(text.toLowerCase()))
    errors.push({
      id: "label-name",
      message: `\`${text}\` is a word of LogQL and can't name a label`,
      from: node.from,
      to: node.to,
    });
}

const numbers = String.raw`(?:[\s+\-*/%^]|[<>]=?|[=!]=|\bbool\b|\b\d[\w.]*|\.\d+)`;
const numberBefore = new RegExp(String.raw`(?:^|[(,]|\b(?:and|or|unless))(\s*${numbers}*[\d.]\s*)$`, "i");
const numberBehind = new RegExp(
  String.raw`^\s*(?:bool\s*)?(?:(?:on|ignoring)\s*\([^)]*\)\s*)?[\s(]*${numbers}*[\d.][\s)]*(?=$|[),#]|and\b|or\b|unless\b)`,
  "i",
);

/** Why the regular expression in a string doesn't compile; empty when it does. */
function regexpErrors(text: SyntaxNode, expr: string): QueryError[] {
  const regexp = labelRegexp(stringOf(text, expr)!);
  if (typeof regexp !== "string") return [];
  const message = `the regular expression doesn't compile: ${regexp}`;
  return [{ id: "regexp", message, from: text.from, to: text.to }];
}

const checks: Readonly<Record<string, NodeCheck>> = {
  Matcher(node, { expr, errors }) {
    const operator = node.firstChild?.nextSibling?.name;
    const text = node.getChild("String");
    if (!text || (operator !== "Re" && operator !== "Nre")) return;
    errors.push(...regexpErrors(text, expr));
  },
  Selector(node, { expr, errors }) {
    const matchers: { operator: MatchOperator; value: string }[] = [];
    const cursor = node.cursor();
    while (cursor.next() && cursor.from < node.to) {
      if (cursor.name !== "Matcher") continue;
      const matcher = cursor.node;
      const operator = operators[matcher.firstChild?.nextSibling?.name ?? ""];
      const text = matcher.getChild("String");
      const value = stringOf(text, expr);
      if (!operator || value === undefined || !text) continue;
      matchers.push({ operator, value });
    }
    if (matchers.every(matchesEmpty))
      errors.push({
        id: "empty-selector",
        message: "this would select every stream there is",
        why: "At least one matcher must not match the empty text.",
        next: 'Name a label that must be there, such as `{service_name="api"}` or `{service_name=~".+"}`.',
        from: node.from,
        to: node.to,
      });
  },
  RangeAggregationExpr(node, { expr, errors }) {
    const operation = node.getChild("RangeOp");
    const name = textOf(operation, expr).toLowerCase();
    const logs = node.getChild("LogRangeExpr");
    const unwraps = logs !== null && has(logs, "UnwrapExpr");
    const param = node.getChild("Number");
    const at = { from: node.from, to: operation?.to ?? node.to };
    if (name === "quantile_over_time" && !param)
      errors.push({
        id: "argument-count",
        message: `\`${name}\` needs the quantile first`,
        next: "Write `quantile_over_time(0.9, ...)`.",
        ...at,
      });
    if (name !== "quantile_over_time" && param)
      errors.push({
        id: "argument-count",
        message: `\`${name}\` takes no number`,
        from: param.from,
        to: param.to,
      });
    const grouping = node.getChild("Grouping");
    if (grouping && !takesGrouping.has(name))
      errors.push({
        id: "grouping",
        message: `\`${name}\` can't be grouped`,
        next: `Put an aggregation around it: \`sum ${textOf(grouping, expr)} (...)\`.`,
        from: grouping.from,
        to: grouping.to,
      });
    if (unwraps && !takesUnwrap.has(name))
      errors.push({ id: "unwrap", message: `\`${name}\` counts lines and takes no \`unwrap\``, ...at });
    if (!unwraps && needsUnwrap.has(name))
      errors.push({
        id: "unwrap",
        message: `\`${name}\` needs a number of each line`,
        next: "Say which label holds it, in front of the range: `| unwrap duration`.",
        ...at,
      });
  },
  VectorAggregationExpr(node, { expr, errors }) {
    const operation = node.getChild("VectorOp");
    const name = textOf(operation, expr).toLowerCase();
    const param = node.getChild("Number");
    const grouping = node.getChild("Grouping");
    const at = { from: node.from, to: operation?.to ?? node.to };
    if (aggregationParameters.has(name)) {
      const value = param && textOf(param, expr);
      if (!value)
        errors.push({
          id: "argument-count",
          message: `\`${name}\` needs how many first`,
          next: `Write \`${name}(5, ...)\`.`,
          ...at,
        });
      else if (!/^\+?\d+$/.test(value) || Number(value) <= 0)
        errors.push({
          id: "argument",
          message: `\`${name}\` needs a whole number above 0`,
          from: param.from,
          to: param.to,
        });
    } else if (param)
      errors.push({
        id: "argument-count",
        message: `\`${name}\` takes no number`,
        from: param.from,
        to: param.to,
      });
    const labels = grouping
      ? textOf(grouping, expr)
          .replace(/^[^(]*\(|\)$/g, "")
          .trim()
      : "";
    if ((labels !== "" && /^sort(?:_desc)?$/i.test(name)) || (grouping && name === "approx_topk"))
      errors.push({
        id: "grouping",
        message: `\`${name}\` can't be grouped`,
        from: grouping!.from,
        to: grouping!.to,
      });
  },
  BinOpExpr(node, { expr, errors }) {
    for (const side of node.getChildren("Expr"))
      if (side.firstChild?.name === "LogExpr")
        errors.push({
          id: "type",
          message: "lines of logs can't be calculated with",
          next: "Count them: `count_over_time({...} [5m])`.",
          from: side.from,
          to: side.to,
        });
    const operator = node.getChild("And") ?? node.getChild("Or") ?? node.getChild("Unless");
    if (!operator) return;
    // The grammar's tree knows no precedence, so the sides are looked at as they are written.
    const before = numberBefore.exec(expr.slice(0, operator.from));
    const behind = numberBehind.exec(expr.slice(operator.to));
    const at = before
      ? { from: operator.from - before[1]!.length, to: operator.from }
      : behind && { from: operator.to, to: operator.to + behind[0].length };
    if (at)
      errors.push({
        id: "type",
        message: `\`${textOf(operator, expr)}\` works on vectors, not on numbers`,
        ...at,
      });
  },
  String(node, { expr, errors }) {
    const wrong = tokenize(textOf(node, expr)).find(({ kind }) => kind === "error");
    // Loki minds the form of escapes, not what they stand for.
    if (
      (wrong && /escape/.test(wrong.message!) && !/no valid character/.test(wrong.message!)) ||
      (wrong && /\\[4-7][0-7]{2}/.test(textOf(node, expr)))
    )
      errors.push({
        id: "string",
        message: wrong.message!,
        from: node.from + wrong.from,
        to: node.from + wrong.to,
      });
  },
  Number: checkNumber,
  Range(node, { expr, errors }) {
    const text = textOf(node, expr).slice(1, -1);
    const value = /^\d/.test(text) ? parseDurationToken(text) : "is not a duration";
    if (typeof value === "string")
      errors.push({ id: "duration", message: `\`${text}\` ${value}`, from: node.from, to: node.to });
  },
  Identifier: checkName,
  LabelName: checkName,
  LabelParser(node, { expr, errors }) {
    const text = node.getChild("String");
    const value = stringOf(text, expr);
    if (!text || value === undefined) return;
    const at = { from: text.from, to: text.to };
    if (node.getChild("Pattern")) {
      const fault = patternFault(value);
      if (fault) errors.push({ id: "pattern", message: fault, ...at });
    } else if (node.getChild("Regexp")) {
      const regexp = labelRegexp(value);
      const names = captureNames(value);
      if (typeof regexp === "string")
        errors.push({ id: "regexp", message: `the regular expression doesn't compile: ${regexp}`, ...at });
      else if (names.length === 0)
        errors.push({
          id: "regexp",
          message: "no group of the regular expression has a name",
          next: "Write `(?P<name>...)`.",
          ...at,
        });
      else if (new Set(names).size < names.length)
        errors.push({
          id: "regexp",
          message: "two groups of the regular expression have the same name",
          ...at,
        });
    }
  },
  LabelReplaceExpr(node, { expr, errors }) {
    const text = node.getChildren("String").at(-1);
    const regexp = text && labelRegexp(stringOf(text, expr)!);
    if (typeof regexp === "string")
      errors.push({
        id: "regexp",
        message: `the regular expression doesn't compile: ${regexp}`,
        from: text!.from,
        to: text!.to,
      });
  },
  LineFilter(node, { expr, failures }) {
    const text = node.getChild("String");
    const filter = textOf(node.getChild("Filter"), expr);
    if (!text || (filter !== "|~" && filter !== "!~")) return;
    failures.push(...regexpErrors(text, expr));
  },
};
