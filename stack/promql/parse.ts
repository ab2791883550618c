import { didYouMean } from "../validate/suggest.js";
import {
  type Aggregation,
  adopt,
  type Binary,
  bare,
  comparisons,
  type LabelName,
  type Matcher,
  type Matching,
  type MatchOperator,
  type Node,
  type RangeSelector,
  type Selector,
  type Subquery,
  setOperators,
} from "./ast.js";
import { calculate, fold } from "./fold.js";
import { formerFunctions, functions, type Signature, type ValueType } from "./functions.js";
import { aggregationNames, type Token, tokenize } from "./lexer.js";
import { parseDurationToken, parseNumber, unquote } from "./literals.js";
import { labelRegexp } from "./regexp.js";

/** Something for which Prometheus refuses the expression. */
export interface QueryError {
  /** Kebab-case kind, e.g. `unknown-function`. */
  id: string;
  message: string;
  why?: string;
  next?: string;
  /** UTF-16 offsets into the expression. */
  from: number;
  to: number;
}

export interface Parsed {
  /** Undefined where the text could not be read to its end. */
  tree?: Node;
  /** Every node, what stands inside another before it. */
  nodes: Node[];
  errors: QueryError[];
}

/** Deeper than any query a person writes, and shallow enough for the stack. Prometheus itself has no limit. */
const maxDepth = 500;
const maxInt64 = 2 ** 63;
const maxDurationSeconds = maxInt64 / 1e9;

const aggregations: ReadonlySet<string> = new Set(aggregationNames);
const withParam: Readonly<Record<string, ValueType>> = {
  topk: "scalar",
  bottomk: "scalar",
  quantile: "scalar",
  limitk: "scalar",
  limit_ratio: "scalar",
  count_values: "string",
};
/** Reserved words that can't name a metric, and the one that can't name a label to group by, unless quoted. */
const noMetrics: ReadonlySet<string> = new Set([
  "bool",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "atan2",
]);
const noLabels: ReadonlySet<string> = new Set(["without"]);
/** Words that are functions where a parenthesis follows; all of them experimental. */
const functionWords: ReadonlySet<string> = new Set(["start", "end", "step", "range", "max_of", "min_of"]);

const precedence: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "</": 3,
  ">/": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};

const typeNames: Record<ValueType, string> = {
  scalar: "a number (scalar)",
  vector: "an instant vector",
  matrix: "a range vector",
  string: "a text",
};

const durationOperators = ["+", "-", "*", "/", "%", "^"];

/** Of a range or offset; `literal`: a number with nothing but signs, which Prometheus looks at when it reads the expression. */
interface Duration {
  /** NaN where it is only known when it runs. */
  seconds: number;
  literal: boolean;
  to: number;
}

/** Where the parser gives up; never leaves this file. */
class Stop extends Error {}

/**
 * Reads a PromQL expression as Prometheus 3.15 with its default feature flags does: same verdict as `promtool check rules`,
 * with one exception: what is nested more than 500 levels deep is refused. Linear, never throws.
 */
export function parse(text: string): Parsed {
  return new Parser(text).run();
}

class Parser {
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;
  private readonly nodes: Node[] = [];
  private readonly errors: QueryError[] = [];
  /** Reported only where the syntax is sound. */
  private readonly typeErrors: QueryError[] = [];
  /** Selectors with an offset or a time other than none, even one only known when it runs. */
  private readonly shifted = new Set<Node>();

  constructor(private readonly text: string) {
    this.tokens = tokenize(text);
  }

  run(): Parsed {
    let tree: Node | undefined;
    try {
      if (this.ended()) this.stop(this.token, "there is no expression", { id: "empty" });
      tree = this.expression(0);
      if (!this.ended()) this.unexpected();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      tree = undefined;
    }
    const errors = this.errors.length > 0 ? this.errors : this.typeErrors;
    return { tree, nodes: this.nodes, errors: errors.sort((a, b) => a.from - b.from) };
  }

  // Tokens

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private ended(): boolean {
    return this.token.kind === "end";
  }

  private peek(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
  }

  private advance(): Token {
    const token = this.token;
    if (token.kind === "error") this.unexpected();
    if (token.kind !== "end") this.at++;
    return token;
  }

  private is(word: string): boolean {
    const { kind, word: found } = this.token;
    return found === word && (kind === "punctuation" || kind === "operator" || kind === "keyword");
  }

  private take(word: string): Token | undefined {
    return this.is(word) ? this.advance() : undefined;
  }

  private expect(word: string, where: string): Token {
    return this.take(word) ?? this.unexpected(where, `\`${word}\``);
  }

  private stop(at: { from: number; to: number }, message: string, more: Partial<QueryError> = {}): never {
    this.errors.push({ id: "syntax", message, from: at.from, to: at.to, ...more });
    throw new Stop();
  }

  private unexpected(where = "", expected = ""): never {
    const token = this.token;
    if (token.kind === "error") this.stop(token, token.message!, this.hint(token));
    const found = token.kind === "end" ? "the expression ends" : `unexpected ${describe(token)}`;
    const context = where ? ` in ${where}` : "";
    this.stop(token, `${found}${context}${expected ? `, expected ${expected}` : ""}`, this.hint(token));
  }

  /** What people who write this usually mean. */
  private hint(token: Token): Partial<QueryError> {
    const rest = this.text.slice(token.from, token.from + 2);
    if (rest === "&&") return { next: "Write `and`." };
    if (rest === "||") return { next: "Write `or`." };
    if (rest[0] === "!" && rest !== "!=" && rest !== "!~") return { next: "For `not`, write `unless`." };
    if (token.kind === "punctuation" && token.word === "=") return { next: "To compare, write `==`." };
    if (token.word === "group_left" || token.word === "group_right")
      return {
        next: `Say in front of \`${token.word}\` by which labels to match: \`on(...)\` or \`ignoring(...)\`.`,
      };
    if (rest === "<>") return { next: "Write `!=`." };
    if (rest[0] === "$" || rest === "{{")
      return {
        why: "Variables of dashboards and templates mean nothing in a rule.",
        next: "Write the value itself.",
      };
    return {};
  }

  private note(
    id: string,
    at: { from: number; to: number },
    message: string,
    more: Partial<QueryError> = {},
  ): void {
    this.errors.push({ id, message, from: at.from, to: at.to, ...more });
  }

  private wrongType(at: { from: number; to: number }, message: string, more: Partial<QueryError> = {}): void {
    this.typeErrors.push({ id: "type", message, from: at.from, to: at.to, ...more });
  }

  private node<T extends Node>(node: T): T {
    this.nodes.push(node);
    adopt(node);
    const constant = fold(node);
    if (constant !== undefined) node.constant = constant;
    return node;
  }

  // Expressions

  private expression(least: number): Node {
    if (++this.depth > maxDepth) this.tooDeep();
    let left = this.prefix();
    for (;;) {
      const { kind, word } = this.token;
      const level = kind === "operator" || kind === "keyword" ? precedence[word] : undefined;
      if (level === undefined || level < least) break;
      left = this.binary(left, level);
    }
    this.depth--;
    return left;
  }

  private tooDeep(): never {
    this.stop(this.token, `the expression is nested more than ${maxDepth} levels deep`, {
      id: "too-deep",
      next: "Take out parentheses that change nothing, or split it into recording rules.",
    });
  }

  private prefix(): Node {
    const { kind, word } = this.token;
    if (kind !== "operator" || (word !== "+" && word !== "-")) return this.postfix(this.primary());
    const sign = this.advance();
    // A sign binds like `*`: only `^` and what stands directly behind the operand bind closer.
    const expr = this.expression(precedence["^"]!);
    if (expr.kind === "number") {
      if (word === "-") expr.value *= -1;
      expr.from = sign.from;
      return expr;
    }
    if (expr.type !== "scalar" && expr.type !== "vector")
      this.wrongType(expr, `a sign can't stand in front of ${typeNames[expr.type]}`);
    return this.node({ kind: "unary", type: expr.type, operator: word, expr, from: sign.from, to: expr.to });
  }

  private primary(): Node {
    const token = this.token;
    switch (token.kind) {
      case "number":
      case "duration": {
        this.advance();
        const value = this.numberOf(token);
        const { from, to } = token;
        return this.node({
          kind: "number",
          type: "scalar",
          value,
          duration: token.kind === "duration",
          from,
          to,
        });
      }
      case "string": {
        this.advance();
        const { from, to } = token;
        return this.node({ kind: "string", type: "string", value: unquote(token.word).value, from, to });
      }
      case "identifier":
        if (this.peek().word === "(" && this.peek().kind === "punctuation") return this.call();
        return this.selector();
      case "metric":
        return this.selector();
      case "keyword":
        return this.keyword();
    }
    if (this.is("{")) return this.selector();
    if (this.is("(")) return this.paren();
    this.unexpected("", token.kind === "end" ? "a value" : "");
  }

  private keyword(): Node {
    const { word } = this.token;
    const next = this.peek();
    const paren = next.kind === "punctuation" && next.word === "(";
    if (
      aggregations.has(word) &&
      (paren || (next.kind === "keyword" && (next.word === "by" || next.word === "without")))
    )
      return this.aggregation();
    if (functionWords.has(word) && paren) return this.call();
    if (noMetrics.has(word)) this.unexpected();
    return this.selector();
  }

  private paren(): Node {
    const open = this.advance();
    const expr = this.expression(0);
    const close = this.expect(")", "parentheses");
    return this.node({ kind: "paren", type: expr.type, expr, from: open.from, to: close.to });
  }

  private numberOf(token: Token): number {
    const value = token.kind === "duration" ? parseDurationToken(token.word) : parseNumber(token.word);
    if (typeof value === "string") {
      this.note(token.kind === "duration" ? "duration" : "number", token, `\`${token.word}\` ${value}`);
      return 1;
    }
    return token.kind === "duration" ? value / 1000 : value;
  }

  // Binary operations

  private binary(left: Node, level: number): Binary {
    const operator = this.advance();
    let end = operator.to;
    let boolToken: Token | undefined;
    let matching: Matching | undefined;
    // Most operators have nothing behind them.
    if (this.token.kind === "keyword") {
      boolToken = this.take("bool");
      if (boolToken) end = boolToken.to;
      matching = this.matching();
      if (matching) end = matching.to;
      for (const word of ["fill", "fill_left", "fill_right"])
        if (this.is(word))
          this.stop(this.token, `\`${word}\` is experimental and not enabled`, {
            id: "experimental",
            next: "Use `or` to stand in for missing series.",
          });
    }
    const right = this.expression(operator.word === "^" ? level : level + 1);
    const node: Binary = {
      kind: "binary",
      type: left.type === "scalar" && right.type === "scalar" ? "scalar" : "vector",
      operator: operator.word,
      operatorFrom: operator.from,
      operatorTo: end,
      left,
      right,
      bool: boolToken !== undefined,
      matching,
      from: left.from,
      to: right.to,
    };
    this.checkBinary(node);
    return this.node(node);
  }

  private matching(): Matching | undefined {
    const keyword = this.take("on") ?? this.take("ignoring");
    if (!keyword) return undefined;
    const { labels, to } = this.labelList(`\`${keyword.word}\``);
    const matching: Matching = { on: keyword.word === "on", labels, from: keyword.from, to };
    const group = this.take("group_left") ?? this.take("group_right");
    if (group) {
      matching.to = group.to;
      matching.group = { many: group.word === "group_left" ? "left" : "right", include: [] };
      if (this.is("(")) {
        const include = this.labelList(`\`${group.word}\``);
        matching.group.include = include.labels;
        matching.to = include.to;
      }
    }
    return matching;
  }

  private labelList(where: string): { labels: LabelName[]; from: number; to: number } {
    const open = this.expect("(", where);
    const labels: LabelName[] = [];
    while (!this.is(")")) {
      const token = this.token;
      const usable =
        token.kind === "identifier" ||
        token.kind === "metric" ||
        token.kind === "string" ||
        (token.kind === "keyword" && !noLabels.has(token.word));
      if (!usable) this.unexpected(where, "a label name");
      this.advance();
      let name = this.text.slice(token.from, token.to);
      if (token.kind === "string") {
        const unquoted = unquote(token.word);
        name = unquoted.value;
        if (name === "" || unquoted.invalidUtf8)
          this.note(
            "label-name",
            token,
            `${token.word} can't name a label: names are texts of at least one character`,
          );
      }
      labels.push({ name, from: token.from, to: token.to });
      if (!this.take(",") && !this.is(")")) this.unexpected(where, "`,` or `)`");
    }
    return { labels, from: open.from, to: this.advance().to };
  }

  private checkBinary(node: Binary): void {
    const { left, right, operator, matching } = node;
    const sign = { from: node.operatorFrom, to: node.operatorTo };
    const comparison = comparisons.has(operator);
    if (node.bool && !comparison)
      this.wrongType(sign, `\`bool\` can only stand behind a comparison, not behind \`${operator}\``);
    if (comparison && !node.bool && left.type === "scalar" && right.type === "scalar")
      this.wrongType(sign, "a comparison of two numbers needs `bool`", {
        why: "There is no series that a comparison of two numbers could keep or drop; with `bool` it gives 0 or 1.",
        next: `Write \`${operator} bool\`, or \`vector(...)\` around one side.`,
      });
    if (matching?.on)
      for (const { name, from, to } of matching.group?.include ?? [])
        if (matching.labels.some((label) => label.name === name))
          this.wrongType(
            { from, to },
            `label \`${name}\` stands in \`on\` and is copied by \`group_${matching.group!.many}\` as well`,
          );
    const unfit = (side: Node) => side.type === "matrix" || side.type === "string";
    if (unfit(left) || unfit(right))
      for (const side of [left, right].filter(unfit))
        this.wrongType(side, `\`${operator}\` can't work on ${typeNames[side.type]}`, rangeHint(side));
    if (left.type !== "vector" || right.type !== "vector") {
      if (matching && matching.labels.length > 0)
        this.wrongType(
          matching,
          `\`${matching.on ? "on" : "ignoring"}\` needs an instant vector on both sides`,
        );
    } else if (setOperators.has(operator) && matching?.group)
      this.wrongType(matching, `\`group_${matching.group.many}\` can't be used with \`${operator}\``, {
        why: "Set operations always match many series with many.",
      });
    if (setOperators.has(operator) && (left.type === "scalar" || right.type === "scalar"))
      this.wrongType(sign, `\`${operator}\` works on instant vectors, not on numbers`, {
        next: "Wrap the number: `vector(1)`.",
      });
  }

  // What stands behind an expression

  private postfix(primary: Node): Node {
    let node = primary;
    for (;;) {
      const { kind, word } = this.token;
      if (kind !== "punctuation" && kind !== "keyword") return node;
      if (word === "[") node = this.range(node);
      else if (word === "offset") this.offset(node);
      else if (word === "@") this.time(node);
      else if (word === "anchored" || word === "smoothed")
        this.stop(this.token, `\`${word}\` is experimental and not enabled`, { id: "experimental" });
      else return node;
    }
  }

  private range(expr: Node): Node {
    const open = this.advance();
    const { ms, from, to } = this.positiveDuration("a range");
    const span = { range: ms, rangeFrom: from, rangeTo: to };
    if (this.take(":")) {
      const step = this.is("]") ? undefined : this.positiveDuration("the step of a subquery");
      const close = this.expect("]", "a subquery");
      if (expr.type !== "vector")
        this.wrongType(
          expr,
          `a subquery needs an instant vector, this is ${typeNames[expr.type]}`,
          rangeHint(expr),
        );
      const node: Subquery = {
        kind: "subquery",
        type: "matrix",
        expr,
        ...span,
        from: expr.from,
        to: close.to,
      };
      if (step) node.step = step.ms;
      return this.node(node);
    }
    const close = this.expect("]", "a range or subquery");
    const at = { from: open.from, to: close.to };
    if (expr.kind !== "selector")
      this.note("range", at, "a range can only stand directly behind a metric or its braces", {
        why: expr.kind === "call" ? "Of a computed value no past is stored." : undefined,
        next: `For a range of a computed value write a subquery: \`[${this.text.slice(open.to, close.from)}:]\`.`,
      });
    else if (this.shifted.has(expr))
      this.note("range", at, "the range must stand in front of `offset` and `@`");
    const selector = expr as Selector;
    const node: RangeSelector = {
      kind: "range",
      type: "matrix",
      selector,
      ...span,
      from: expr.from,
      to: close.to,
    };
    // Behind an error only the shape counts.
    if (expr.kind !== "selector")
      return this.node({ kind: "paren", type: "matrix", expr, ...at, from: expr.from });
    return this.node(node);
  }

  /** The inside of a range's brackets, in milliseconds. */
  private positiveDuration(what: string): { ms: number; from: number; to: number } {
    const from = this.token.from;
    const duration = this.duration(what, 0);
    const at = { from, to: duration.to };
    // What is calculated is only looked at when it runs.
    if (duration.literal && duration.seconds <= 0) this.note("duration", at, `${what} must be longer than 0`);
    return { ms: Math.round(duration.seconds * 1000), ...at };
  }

  /** A duration or arithmetic on durations, whose operators bind as those of expressions do. */
  private duration(what: string, least: number): Duration {
    if (++this.depth > maxDepth) this.tooDeep();
    let left = this.signedDuration(what);
    for (;;) {
      const { word } = this.token;
      const level = durationOperators.some((operator) => this.is(operator)) ? precedence[word]! : -1;
      if (level < least || level < 0) break;
      const operator = this.advance();
      const right = this.duration(what, word === "^" ? level : level + 1);
      if ((word === "/" || word === "%") && right.literal && right.seconds === 0)
        this.note("duration", operator, `${what} can't be divided by 0`);
      left = { seconds: calculate(word, left.seconds, right.seconds), literal: false, to: right.to };
    }
    this.depth--;
    return left;
  }

  private signedDuration(what: string): Duration {
    if (!this.is("+") && !this.is("-")) return this.plainDuration(what);
    const sign = this.advance();
    const { seconds, literal, to } = this.duration(what, precedence["^"]!);
    return { seconds: sign.word === "-" ? -seconds : seconds, literal, to };
  }

  private plainDuration(what: string): Duration {
    const token = this.token;
    if (token.kind === "number" || token.kind === "duration") {
      this.advance();
      const seconds = this.numberOf(token);
      if (seconds > maxDurationSeconds || seconds < -maxDurationSeconds)
        this.note("duration", token, "this is longer than the 292 years a duration can last");
      return { seconds, literal: true, to: token.to };
    }
    if (this.take("(")) {
      const { seconds } = this.duration(what, 0);
      return { seconds, literal: false, to: this.expect(")", what).to };
    }
    if (this.take("step") || this.take("range")) {
      this.expect("(", what);
      return { seconds: Number.NaN, literal: false, to: this.expect(")", what).to };
    }
    if (this.take("max_of") || this.take("min_of")) {
      this.expect("(", what);
      const a = this.duration(what, 0).seconds;
      this.expect(",", what);
      const b = this.duration(what, 0).seconds;
      const seconds = token.word === "max_of" ? Math.max(a, b) : Math.min(a, b);
      return { seconds, literal: false, to: this.expect(")", what).to };
    }
    this.unexpected(what, "a duration such as `5m`");
  }

  private offset(node: Node): void {
    const keyword = this.advance();
    const { seconds, literal, to } = this.offsetDuration();
    if (node.kind !== "selector" && node.kind !== "range" && node.kind !== "subquery") {
      this.note(
        "offset",
        keyword,
        "`offset` can only stand directly behind a metric, a range or a subquery",
        {
          next:
            node.kind === "call" || node.kind === "paren" || node.kind === "aggregation"
              ? "Put it inside, behind the metric or its range."
              : undefined,
        },
      );
      return;
    }
    const own = node.kind === "range" ? node.selector : node;
    // A literal offset of 0 is as good as none.
    if (own.offset && (own.offset.ms !== 0 || !own.offset.literal))
      this.note("offset", keyword, "`offset` is given twice", { next: "Add the two up." });
    // Below half a nanosecond it is none.
    const ms = Math.abs(seconds) < 5e-10 ? 0 : seconds * 1000;
    own.offset = { ms, literal, from: keyword.from, to };
    if (node !== own) node.offset = own.offset;
    if (ms !== 0 || !literal) this.shifted.add(own);
    node.to = Math.max(node.to, to);
  }

  /**
   * Read as the grammar does: `5m`, `-5m`, `step()`, `-(5m + 1m)` are one offset each and what follows them belongs to the
   * expression; behind `(5m)` or a second sign, arithmetic goes on inside the offset.
   */
  private offsetDuration(): Duration {
    const what = "an offset";
    const signed = this.is("+") || this.is("-");
    const next = signed ? this.peek() : this.token;
    const paren = next.kind === "punctuation" && next.word === "(";
    const nested = next.kind === "operator" || (paren && !signed);
    if (nested) return this.duration(what, 0);
    const negative = signed && this.advance().word === "-";
    const { seconds, literal, to } = this.plainDuration(what);
    return { seconds: negative ? -seconds : seconds, literal, to };
  }

  private time(node: Node): void {
    const sign = this.advance();
    let time: number | "start" | "end";
    let to: number;
    const word = this.token.word;
    if (this.is("start") || this.is("end")) {
      this.advance();
      this.expect("(", "the time behind `@`");
      to = this.expect(")", "the time behind `@`").to;
      time = word as "start" | "end";
    } else {
      const negative = this.is("-");
      if (negative || this.is("+")) this.advance();
      const token = this.token;
      if (token.kind !== "number" && token.kind !== "duration")
        this.unexpected("the time behind `@`", "seconds since 1970, `start()` or `end()`");
      this.advance();
      time = this.numberOf(token) * (negative ? -1 : 1);
      to = token.to;
      if (!(time < maxInt64 && time > -maxInt64))
        this.note("at", { from: sign.from, to }, "the time behind `@` is out of bounds");
    }
    const at = { from: sign.from, to };
    if (node.kind !== "selector" && node.kind !== "range" && node.kind !== "subquery") {
      this.note("at", at, "`@` can only stand directly behind a metric, a range or a subquery", {
        next: "Put it inside, behind the metric or its range.",
      });
      return;
    }
    const own = node.kind === "range" ? node.selector : node;
    if (own.at) this.note("at", at, "`@` is given twice");
    own.at = { time, ...at };
    if (node !== own) node.at = own.at;
    this.shifted.add(own);
    node.to = Math.max(node.to, to);
  }

  // Selectors

  private selector(): Selector {
    const first = this.token;
    let name: string | undefined;
    if (!this.is("{")) {
      this.advance();
      name = this.text.slice(first.from, first.to);
    }
    const node: Selector = { kind: "selector", type: "vector", matchers: [], from: first.from, to: first.to };
    if (this.is("{")) this.matchers(node);
    this.checkSelector(node, name, first);
    return this.node(node);
  }

  private matchers(node: Selector): void {
    this.advance();
    while (!this.is("}")) {
      node.matchers.push(this.matcher());
      if (this.take(",")) continue;
      if (!this.is("}")) this.unexpected("the braces", "`,` or `}`");
    }
    node.to = this.advance().to;
  }

  private matcher(): Matcher {
    const token = this.token;
    if (token.kind !== "identifier" && token.kind !== "string")
      this.unexpected("the braces", "a label name or `}`");
    this.advance();
    const quoted = token.kind === "string" ? unquote(token.word) : undefined;
    const label = quoted?.value ?? token.word;
    const { kind, word } = this.token;
    if (kind !== "operator") {
      if (!quoted || (kind !== "end" && kind !== "error" && word !== "," && word !== "}"))
        this.unexpected("the braces", quoted ? "`,` or `}`" : "`=`, `!=`, `=~` or `!~`");
      return {
        label: "__name__",
        operator: "=",
        value: label,
        from: token.from,
        to: token.to,
        valueFrom: token.from,
        valueTo: token.to,
        valueOffset: (index) => token.from + quoted.offsetOf(index),
      };
    }
    this.advance();
    const text = this.token;
    if (text.kind !== "string") {
      const bareWord = text.kind === "identifier";
      this.unexpected("the braces", bareWord ? `a text in quotes: \`"${text.word}"\`` : "a text in quotes");
    }
    this.advance();
    const { value, invalidUtf8, offsetOf } = unquote(text.word);
    if (word === "=~" || word === "!~") {
      const regexp = labelRegexp(value);
      const wrong =
        typeof regexp === "string"
          ? regexp
          : invalidUtf8 && /[\\.+*?()[\]{}^$]/.test(value) && "invalid UTF-8";
      if (wrong)
        this.note("regexp", text, `the regular expression doesn't compile: ${wrong}`, regexpHint(value));
    }
    return {
      label,
      operator: word as MatchOperator,
      value,
      from: token.from,
      to: text.to,
      valueFrom: text.from,
      valueTo: text.to,
      valueOffset: (index) => text.from + offsetOf(index),
    };
  }

  private checkSelector(node: Selector, name: string | undefined, first: Token): void {
    const names = node.matchers.filter(({ label }) => label === "__name__");
    if (name !== undefined) {
      node.metric = name;
      for (const { from, to, value } of names)
        this.wrongType({ from, to }, `the metric name is given twice: \`${name}\` and \`${value}\``);
      return;
    }
    if (names.length === 1 && names[0]!.operator === "=") node.metric = names[0]!.value;
    if (!node.matchers.every(matchesEmpty)) return;
    this.wrongType({ from: first.from, to: node.to }, "this would select every series there is", {
      id: "empty-selector",
      why:
        node.matchers.length > 0
          ? "At least one matcher must not match the empty text, which a label that isn't there has as its value."
          : undefined,
      next:
        node.matchers.length > 0
          ? 'Give a metric name, or write `=~".+"` for `=~".*"`.'
          : "Give a metric name.",
    });
  }

  // Calls and aggregations

  private args(where: string): { args: Node[]; to: number } {
    this.expect("(", where);
    const args: Node[] = [];
    while (!this.is(")")) {
      args.push(this.expression(0));
      const comma = this.take(",");
      if (comma) {
        while (this.is(",")) this.unexpected(where, "an argument");
        if (this.is(")")) this.note("syntax", comma, `a comma can't end the arguments of ${where}`);
      } else if (!this.is(")")) this.unexpected(where, "`,` or `)`");
    }
    return { args, to: this.advance().to };
  }

  private call(): Node {
    const token = this.advance();
    const name = this.text.slice(token.from, token.to);
    const signature = functions.get(name);
    if (!signature) this.unknownFunction(token, name);
    else if (signature.experimental)
      this.note("experimental", token, `the function \`${name}\` is experimental and not enabled`, {
        why: "Prometheus only knows it with `--enable-feature=promql-experimental-functions`.",
      });
    const { args, to } = this.args(`\`${name}\``);
    if (signature) this.checkCall(signature, args, { from: token.from, to });
    return this.node({
      kind: "call",
      type: signature?.returns ?? "vector",
      name,
      signature: signature ?? { name, parameters: [], variadic: -1, returns: "vector", experimental: false },
      args,
      from: token.from,
      to,
    });
  }

  private unknownFunction(token: Token, name: string): void {
    const lower = name.toLowerCase();
    const stable = [...functions.values()]
      .filter(({ experimental }) => !experimental)
      .map((known) => known.name);
    const former = Object.hasOwn(formerFunctions, lower) ? formerFunctions[lower] : undefined;
    const near = former ?? didYouMean(name, [...stable, ...aggregationNames]);
    this.note("unknown-function", token, `there is no function \`${name}\``, {
      why: functions.has(lower) ? "Names of functions are in lower case." : undefined,
      next: near && `Did you mean \`${near}\`?`,
    });
  }

  private checkCall(
    { name, parameters, variadic }: Signature,
    args: Node[],
    at: { from: number; to: number },
  ): void {
    const least = variadic === 0 ? parameters.length : parameters.length - 1;
    const most = variadic < 0 ? Number.POSITIVE_INFINITY : variadic === 0 ? least : least + variadic;
    if (args.length < least || args.length > most)
      this.typeErrors.push({
        id: "argument-count",
        message: `\`${name}\` takes ${howMany(least, most)}, not ${args.length}`,
        next: `Its form is \`${name}(${parameters.map((type) => typeNames[type].replace(/^an? /, "")).join(", ")})\`.`,
        ...at,
      });
    for (let index = 0; index < args.length; index++) {
      const arg = args[index]!;
      if (index >= parameters.length && variadic === 0) break;
      const wanted = parameters[Math.min(index, parameters.length - 1)]!;
      if (arg.type !== wanted)
        this.wrongType(
          arg,
          `\`${name}\` needs ${typeNames[wanted]} here, this is ${typeNames[arg.type]}`,
          mend(arg, wanted),
        );
    }
  }

  private aggregation(): Node {
    const token = this.advance();
    const name = token.word;
    let grouping = this.grouping();
    const { args, to } = this.args(`\`${name}\``);
    let end = to;
    if (!grouping) {
      grouping = this.grouping();
      if (grouping) end = grouping.to;
    }
    const at = { from: token.from, to };
    const param = withParam[name];
    const wanted = param ? 2 : 1;
    if (name === "limitk" || name === "limit_ratio")
      this.note("experimental", token, `\`${name}\` is experimental and not enabled`, {
        why: "Prometheus only knows it with `--enable-feature=promql-experimental-functions`.",
      });
    else if (args.length !== wanted)
      this.note(
        "argument-count",
        at,
        args.length === 0
          ? `\`${name}\` has nothing to work on`
          : `\`${name}\` takes ${howMany(wanted, wanted)}, not ${args.length}`,
        param && args.length === 1
          ? { next: `Its form is \`${name}(${param === "string" ? '"label"' : "number"}, vector)\`.` }
          : {},
      );
    const expr = args.at(-1);
    if (expr && expr.type !== "vector")
      this.wrongType(
        expr,
        `\`${name}\` needs an instant vector, this is ${typeNames[expr.type]}`,
        mend(expr, "vector"),
      );
    if (param && args.length === 2 && args[0]!.type !== param)
      this.wrongType(
        args[0]!,
        `\`${name}\` needs ${typeNames[param]} here, this is ${typeNames[args[0]!.type]}`,
        mend(args[0]!, param),
      );
    const node: Aggregation = {
      kind: "aggregation",
      type: "vector",
      name,
      grouping,
      expr: expr ?? this.node({ kind: "number", type: "scalar", value: 0, duration: false, from: to, to }),
      from: token.from,
      to: end,
    };
    if (param && args.length === 2) node.param = args[0];
    return this.node(node);
  }

  private grouping(): Aggregation["grouping"] {
    const keyword = this.take("by") ?? this.take("without");
    if (!keyword) return undefined;
    const { labels, to } = this.labelList(`\`${keyword.word}\``);
    return { without: keyword.word === "without", labels, from: keyword.from, to };
  }
}

/** Whether a matcher lets series pass that don't have its label. */
export function matchesEmpty({ operator, value }: Pick<Matcher, "operator" | "value">): boolean {
  if (operator === "=") return value === "";
  if (operator === "!=") return value !== "";
  const regexp = labelRegexp(value);
  // What doesn't compile is reported by itself.
  if (typeof regexp === "string") return false;
  return regexp.matches("") === (operator === "=~");
}

function describe({ kind, word }: Token): string {
  const short = word.length > 30 ? `${word.slice(0, 30)}…` : word;
  switch (kind) {
    case "string":
      return `text ${short}`;
    case "number":
    case "duration":
      return `${kind} \`${short}\``;
    case "identifier":
    case "metric":
      return `name \`${short}\``;
    case "keyword":
      return `keyword \`${short}\``;
    default:
      return `\`${short}\``;
  }
}

function howMany(least: number, most: number): string {
  const noun = (count: number) => (count === 1 ? "1 argument" : `${count || "no"} arguments`);
  if (least === most) return noun(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${noun(least)}` : `${least} to ${noun(most)}`;
}

/** How to turn what was given into what is needed. */
function mend(given: Node, wanted: ValueType): Partial<QueryError> {
  if (given.type === "matrix" && wanted === "vector") return rangeHint(given);
  if (given.type === "vector" && wanted === "matrix")
    return {
      next:
        bare(given).kind === "selector"
          ? "Give it a range: `[5m]`."
          : "Give it a range; of a computed value that is a subquery: `[5m:]`.",
    };
  if (given.type === "vector" && wanted === "scalar")
    return { next: "`scalar(...)` makes a number of a vector with one series." };
  if (given.type === "scalar" && wanted === "vector")
    return { next: "`vector(...)` makes a vector of a number." };
  if (wanted === "string") return { next: "Put it in quotes." };
  return {};
}

function rangeHint(node: Node): Partial<QueryError> {
  if (node.type !== "matrix") return {};
  return { next: "Take the range away, or put a function such as `rate` or `max_over_time` around it." };
}

function regexpHint(source: string): Partial<QueryError> {
  if (/\(\?[=!<](?!P?<)/.test(source))
    return { why: "Prometheus uses RE2, which can't look ahead or behind." };
  if (/^\*/.test(source)) return { next: "For anything, write `.*`." };
  return {};
}
