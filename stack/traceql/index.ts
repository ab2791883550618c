import { labelRegexp, type QueryError } from "../promql/index.js";
import { didYouMean } from "../validate/suggest.js";
import { aggregates, type FieldType, intrinsics, metricFunctions, scopes, stages, words } from "./fields.js";
import { type Token, tokenize } from "./tokens.js";

/** An attribute that a query asks for. */
export interface TraceqlAttribute {
  /** `resource`, `span`, ...; empty where any will do. */
  scope: string;
  name: string;
  /** UTF-16 offsets into the query. */
  from: number;
  to: number;
}

/** A TraceQL query taken apart. */
export interface TraceqlAnalysis {
  /** For what Tempo refuses the query; at most one of its syntax, else those of its types. Empty for a valid one. */
  errors: QueryError[];
  /** What Tempo takes, and what can hardly be meant. */
  doubts: QueryError[];
  attributes: TraceqlAttribute[];
  /** Of a query that can be read: spans found, or numbers over time. */
  type?: "traces" | "metric";
}

/**
 * Reads a TraceQL query as Tempo does, by the grammar of its documentation
 * (https://grafana.com/docs/tempo/latest/traceql/): syntax, names, and comparisons of values that can't be compared. Where
 * versions of Tempo differ, it takes what any of them takes. Pure, never throws.
 */
export function analyseTraceql(query: string): TraceqlAnalysis {
  const reader = new Reader(tokenize(query), query);
  let stage: Stage;
  try {
    stage = reader.root();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { errors: [fault.error], doubts: [], attributes: reader.attributes };
  }
  const { errors, doubts, attributes } = reader;
  return { errors, doubts, attributes, type: stage === "metrics" ? "metric" : "traces" };
}

/** Ends the reading at the first fault of syntax. */
class Fault extends Error {
  constructor(readonly error: QueryError) {
    super(error.message);
  }
}

const spansetOperators = new Set(
  ["&&", "||", ">", "<", ">>", "<<", "~", "!>", "!<", "!>>", "!<<", "!~"].concat([
    "&>",
    "&<",
    "&>>",
    "&<<",
    "&~",
  ]),
);
const comparisons = new Set(["=", "!=", "<", "<=", ">", ">=", "=~", "!~"]);
const arithmetic = new Set(["+", "-", "*", "/", "%", "^"]);
/** Deeper than this nobody writes; deeper still the reader would run out of stack. */
const deepest = 200;

/** How tightly operators of fields bind, loosest first. */
const levels: readonly ReadonlySet<string>[] = [
  new Set(["||"]),
  new Set(["&&"]),
  comparisons,
  new Set(["+", "-"]),
  new Set(["*", "/", "%", "^"]),
];

/** A value within braces. */
interface Value {
  /** Undefined: an attribute, which may hold anything. */
  type: FieldType | undefined;
  from: number;
  to: number;
  /** Where it is nothing but one constant. */
  constant?: Token;
  /** Where it is nothing but one intrinsic. */
  intrinsic?: string;
}

/** What a stage of the pipeline gives. */
type Stage = "spans" | "aggregate" | "filter" | "constant" | "metrics";

class Reader {
  readonly errors: QueryError[] = [];
  readonly doubts: QueryError[] = [];
  readonly attributes: TraceqlAttribute[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly query: string,
  ) {}

  root(): Stage {
    if (this.peek().kind === "end") this.fail("there is no query");
    const from = this.peek().from;
    const stage = this.pipeline();
    if (this.isWord("with")) this.hints();
    if (this.peek().kind !== "end") this.unexpected();
    if (stage === "aggregate")
      this.fail(
        "an aggregate has to be compared with something",
        { next: "Write `| count() > 3` say." },
        this.query.length,
      );
    if (stage === "constant") this.fail("a value alone is no query", {}, from);
    return stage;
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  /** Stages with pipes between them; gives what the last one gives. */
  private pipeline(): Stage {
    let stage = this.operation();
    while (this.takes("|")) stage = this.operation();
    return stage;
  }

  /** Sets of spans, aggregates and numbers, with operators between them. */
  private operation(): Stage {
    let stage = this.operand();
    for (;;) {
      const { text, kind } = this.peek();
      if (kind !== "operator") return stage;
      const compares = comparisons.has(text) && stage !== "spans";
      if (!compares && !arithmetic.has(text) && !spansetOperators.has(text)) return stage;
      this.at++;
      const other = this.operand();
      if (compares) stage = stage === "metrics" || other === "metrics" ? "metrics" : "filter";
      else if (stage === "constant") stage = other;
    }
  }

  private operand(): Stage {
    return this.deeper(() => {
      if (this.takes("{")) {
        if (this.takes("}")) return "spans";
        const filter = this.field();
        this.expect("}");
        if (filter.type !== undefined && filter.type !== "boolean")
          this.errors.push({
            id: "type",
            message: "what stands within braces has to be true or false",
            next: filter.intrinsic
              ? `Compare it: \`${filter.intrinsic} = ...\`.`
              : "Compare it with something.",
            from: filter.from,
            to: filter.to,
          });
        return "spans";
      }
      if (this.takes("(")) {
        const stage = this.pipeline();
        this.expect(")");
        return stage;
      }
      if (this.takes("-")) return this.operand();
      if (this.peek().kind === "number" || this.peek().kind === "duration" || this.peek().kind === "string") {
        this.at++;
        return "constant";
      }
      if (this.peek().kind === "word") return this.call();
      if (this.peek().kind === "attribute" || this.peek().kind === "intrinsic")
        this.fail(`\`${this.peek().text}\` has to stand within braces`, {
          next: `Write \`{ ${this.peek().text} ... }\`.`,
        });
      return this.unexpected();
    });
  }

  /** A function behind a pipe (or at the beginning, for all spans). */
  private call(): Stage {
    const { text: name } = this.peek();
    if (words[name] && this.tokens[this.at + 1]?.text !== "(") {
      this.at++;
      return "constant";
    }
    const known = [...aggregates, ...metricFunctions, ...stages];
    if (!known.includes(name)) {
      if (intrinsics[name])
        this.fail(`\`${name}\` has to stand within braces`, { next: `Write \`{ ${name} ... }\`.` });
      const meant = didYouMean(name, known);
      this.fail(`there is no function \`${name}\``, {
        next: meant ? `Did you mean \`${meant}\`?` : `There are: ${known.join(", ")}.`,
      });
    }
    this.at++;
    this.expect("(");
    if (name === "compare") this.comparison();
    else if (!this.isOperator(")")) {
      do this.field();
      while (this.takes(","));
    }
    this.expect(")");
    if (aggregates.includes(name)) return "aggregate";
    if (!metricFunctions.includes(name)) return name === "topk" || name === "bottomk" ? "metrics" : "spans";
    if (this.isWord("by")) {
      this.at++;
      this.expect("(");
      do this.field();
      while (this.takes(","));
      this.expect(")");
    }
    return "metrics";
  }

  /** `compare({ status = error }, 10)` */
  private comparison(): void {
    this.operand();
    while (this.takes(",")) this.field();
  }

  /** `with (most_recent=true)` */
  private hints(): void {
    this.at++;
    this.expect("(");
    do {
      if (this.peek().kind !== "word") this.unexpected();
      this.at++;
      this.expect("=");
      this.field();
    } while (this.takes(","));
    this.expect(")");
  }

  /** What stands within braces, and arguments. */
  private field(level = 0): Value {
    if (level === levels.length) return this.unary();
    let left = this.field(level + 1);
    while (this.peek().kind === "operator" && levels[level]!.has(this.peek().text)) {
      const operator = this.peek().text;
      this.at++;
      const right = this.field(level + 1);
      left = this.joined(operator, left, right);
    }
    return left;
  }

  private joined(operator: string, left: Value, right: Value): Value {
    const whole = { from: left.from, to: right.to };
    if (comparisons.has(operator)) {
      this.compare(operator, left, right);
      return { type: "boolean", ...whole };
    }
    if (operator === "&&" || operator === "||") {
      for (const side of [left, right])
        if (side.type !== undefined && side.type !== "boolean")
          this.errors.push({
            id: "type",
            message: `\`${operator}\` joins what is true or false, and \`${this.query.slice(side.from, side.to)}\` is neither`,
            next: `Repeat what is compared: \`.a = 1 ${operator} .a = 2\`.`,
            from: side.from,
            to: side.to,
          });
      return { type: "boolean", ...whole };
    }
    return {
      type: left.type === "duration" || right.type === "duration" ? "duration" : left.type && right.type,
      ...whole,
    };
  }

  private compare(operator: string, left: Value, right: Value): void {
    const regexp = operator === "=~" || operator === "!~";
    const at = { from: left.from, to: right.to };
    const error = (message: string, next?: string, place = at) =>
      this.errors.push({ id: "type", message, ...(next && { next }), ...place });
    if (regexp) {
      if (left.type !== undefined && left.type !== "string")
        return void error(`\`${operator}\` compares texts, and this is a ${left.type}`, "Write `=` or `!=`.");
      if (right.constant?.kind !== "string") {
        if (right.type !== undefined)
          error(`\`${operator}\` takes a regular expression in quotes`, undefined, right);
        return;
      }
      const compiled = labelRegexp(textIn(right.constant));
      if (typeof compiled === "string")
        error(`the regular expression doesn't compile: ${compiled}`, undefined, right);
      return;
    }
    if (left.type === undefined || right.type === undefined || left.type === "nil" || right.type === "nil")
      return;
    const numeric = (type: FieldType) => type === "number" || type === "duration";
    if (left.type !== right.type && !(numeric(left.type) && numeric(right.type))) {
      const word = right.constant?.kind === "string" ? textIn(right.constant) : undefined;
      error(
        `a ${left.type} can't be compared with a ${right.type === "string" ? "text" : right.type}`.replace(
          "a string",
          "a text",
        ),
        word !== undefined && words[word] === left.type ? `Leave the quotes out: \`${word}\`.` : undefined,
      );
    }
    const [span, number] = left.type === "duration" ? [left, right] : [right, left];
    if (
      span.type === "duration" &&
      span.intrinsic &&
      number.constant?.kind === "number" &&
      number.constant.text !== "0"
    )
      this.doubts.push({
        id: "no-unit",
        message: `\`${number.constant.text}\` without a unit is nanoseconds`,
        next: `Write a unit: \`${number.constant.text}s\`, \`${number.constant.text}ms\`.`,
        from: number.from,
        to: number.to,
      });
  }

  private unary(): Value {
    return this.deeper(() => {
      const { from } = this.peek();
      if (this.takes("-")) return { ...this.unary(), from };
      if (this.takes("!")) {
        const { to } = this.unary();
        return { type: "boolean", from, to };
      }
      if (this.takes("(")) {
        const inner = this.field();
        this.expect(")");
        return { ...inner, from, to: this.tokens[this.at - 1]!.to };
      }
      return this.single();
    });
  }

  private single(): Value {
    const token = this.peek();
    const place = { from: token.from, to: token.to };
    switch (token.kind) {
      case "string":
      case "number":
      case "duration":
        this.at++;
        return { type: token.kind, constant: token, ...place };
      case "attribute":
        this.at++;
        this.attributes.push(attributeOf(token));
        return { type: undefined, ...place };
      case "intrinsic":
        return this.intrinsic(token);
      case "word":
        if (words[token.text]) {
          this.at++;
          return { type: words[token.text], constant: token, ...place };
        }
        return this.unknownWord(token);
      default:
        return this.unexpected();
    }
  }

  private intrinsic(token: Token): Value {
    const type = intrinsics[token.text];
    if (!type) {
      const scope = token.text.slice(0, token.text.indexOf(":") + 1);
      const known = Object.keys(intrinsics).filter((name) => name.startsWith(scope));
      const meant = didYouMean(token.text, known);
      this.fail(`there is no \`${token.text}\``, {
        next: meant ? `Did you mean \`${meant}\`?` : `There are: ${known.join(", ")}.`,
      });
    }
    this.at++;
    return { type, intrinsic: token.text, from: token.from, to: token.to };
  }

  private unknownWord({ text: word, to }: Token): never {
    const behind = this.tokens[this.at + 1];
    if (behind?.kind === "attribute" && behind.from === to) {
      const whole = word + behind.text;
      const scope = didYouMean(word, scopes);
      return this.fail(`\`${word}\` is not a scope of attributes`, {
        next: scope
          ? `Did you mean \`${scope}${behind.text}\`?`
          : `Write \`resource.${whole}\`, \`span.${whole}\`, or \`.${whole}\` for either.`,
      });
    }
    const before = this.tokens[this.at - 1];
    if (before && comparisons.has(before.text))
      return this.fail(`\`${word}\` is not a value`, { next: `A text stands in quotes: \`"${word}"\`.` });
    const meant = didYouMean(
      word,
      Object.keys(intrinsics).filter((name) => !name.includes(":")),
    );
    return this.fail(`there is no \`${word}\``, {
      next: meant
        ? `Did you mean \`${meant}\`?`
        : `An attribute begins with a dot or its scope: \`span.${word}\`.`,
    });
  }

  private deeper<T>(read: () => T): T {
    if (this.depth >= deepest) this.fail("the query is nested too deeply");
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }

  private isOperator(text: string): boolean {
    return this.peek().kind === "operator" && this.peek().text === text;
  }

  private isWord(text: string): boolean {
    return this.peek().kind === "word" && this.peek().text === text;
  }

  private takes(operator: string): boolean {
    if (!this.isOperator(operator)) return false;
    this.at++;
    return true;
  }

  private expect(operator: string): void {
    if (!this.takes(operator)) this.unexpected(operator);
  }

  private unexpected(wanted?: string): never {
    const { kind, text } = this.peek();
    const instead = wanted && ` where \`${wanted}\` should be`;
    if (kind === "fault") return this.fail(text);
    if (kind === "end") return this.fail(wanted ? `\`${wanted}\` is missing` : "the query ends too early");
    return this.fail(`unexpected \`${text}\`${instead ?? ""}`);
  }

  private fail(message: string, hints: { next?: string } = {}, from = this.peek().from): never {
    throw new Fault({ id: "syntax", message, ...hints, from, to: Math.max(from, this.peek().to) });
  }
}

function textIn({ text }: Token): string {
  return text.startsWith("`") ? text.slice(1, -1) : text.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
}

function attributeOf({ text, from, to }: Token): TraceqlAttribute {
  const dot = text.indexOf(".");
  const inner = /^parent\.(resource|span)\./.exec(text);
  const scope = inner ? inner[1]! : text.slice(0, dot);
  const name = text.slice(inner ? inner[0].length : dot + 1);
  return { scope, name: name.replaceAll(/"((?:[^"\\]|\\.)*)"/g, "$1"), from, to };
}
