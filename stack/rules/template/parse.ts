import { didYouMean } from "../../validate/suggest.js";
import { templateFunctions, templateVariables } from "./functions.js";
import { type Token, type TokenKind, tokenize } from "./tokens.js";

/** What Go refuses about a template; it stops at the first. */
export interface TemplateFault {
  message: string;
  next?: string;
  /** UTF-16 offset in the template. */
  at: number;
}

/** A value in an action: a variable, a field, a function, a literal, or a pipeline in parentheses. */
export interface Operand {
  kind: "variable" | "field" | "dot" | "function" | "literal" | "pipeline";
  /** Name of the variable (with its `$`), the function or the first field (without its dot); the literal as written. */
  name: string;
  /** Fields taken of it: `b` and `c` of `$a.b.c`. */
  fields: string[];
  at: number;
  pipeline?: Pipeline;
}

/** Operands with spaces between: a function with its arguments, or a single value. */
export interface Command {
  operands: Operand[];
}

/** Commands with pipes between. */
export interface Pipeline {
  /** What becomes of its value. */
  use: "output" | "if" | "range" | "with" | "template" | "block" | "declaration" | "parenthesis";
  commands: Command[];
  /**
   * Whether `.` means the whole there, `.Labels` and so on. Within `range`, `with` and definitions it means something
   * else.
   */
  dotIsTop: boolean;
  /** The `with` or `range` whose value, or elements, `.` means there. */
  dot?: Pipeline;
  at: number;
}

export interface ParsedTemplate {
  fault?: TemplateFault;
  /** Every pipeline in order, those in parentheses behind the one they are in. */
  pipelines: Pipeline[];
}

/** Deeper than anybody writes, and far from the end of the stack. */
const deepest = 200;

/** Reads a template of a label or an annotation as Prometheus does for alerts. Never throws; linear in its length. */
export function parseTemplate(template: string): ParsedTemplate {
  const pipelines: Pipeline[] = [];
  if (!template.includes("{{")) return { pipelines };
  try {
    new Parser(tokenize(template), pipelines).parse();
    return { pipelines };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { pipelines, fault: error.fault };
  }
}

class Refused extends Error {
  constructor(readonly fault: TemplateFault) {
    super(fault.message);
  }
}

interface End {
  keyword: "end" | "else" | undefined;
  token: Token;
}

class Parser {
  private index = 0;
  private variables: string[] = [...templateVariables];
  private ranges = 0;
  private depth = 0;
  private dotIsTop = true;
  private dot: Pipeline | undefined;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly pipelines: Pipeline[],
  ) {}

  parse(): void {
    const { keyword, token } = this.list(true);
    if (keyword) this.refuse(`"${keyword}" has no if, range or with to belong to`, token.at);
  }

  private refuse(message: string, at: number, next?: string): never {
    throw new Refused({ message, at, ...(next && { next }) });
  }

  private peek(): Token {
    const token = this.tokens[this.index]!;
    if (token.kind === "fault") {
      this.refuse(token.text, token.at, faultNext(token, this.tokens[this.index - 1]));
    }
    return token;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.index++;
    return token;
  }

  private peekNonSpace(): Token {
    while (this.peek().kind === "space") this.index++;
    return this.peek();
  }

  private nextNonSpace(): Token {
    this.peekNonSpace();
    return this.next();
  }

  private expectClose(after: string): void {
    const token = this.nextNonSpace();
    if (token.kind !== "close") this.unexpected(token, `behind "${after}"`);
  }

  private unexpected(token: Token, where: string): never {
    const what =
      token.kind === "close" ? "the end of the braces" : token.kind === "end" ? "the end" : `"${token.text}"`;
    this.refuse(`${what} is not expected ${where}`, token.at);
  }

  private deeper<T>(at: number, body: () => T): T {
    if (++this.depth > deepest) this.refuse(`it is nested more than ${deepest} levels deep`, at);
    const result = body();
    this.depth--;
    return result;
  }

  /** Text and actions up to `end`, `else` or the end of all. */
  private list(top = false): End {
    for (;;) {
      const token = this.next();
      if (token.kind === "end") return { keyword: undefined, token };
      if (token.kind !== "open") continue;
      const keyword = this.peekNonSpace();
      if (top && keyword.kind === "keyword" && keyword.text === "define") {
        this.index++;
        this.definition(keyword);
      } else {
        const end = this.action();
        if (end) return { keyword: end, token: keyword };
      }
    }
  }

  private definition(keyword: Token): void {
    const name = this.nextNonSpace();
    if (name.kind !== "string" && name.kind !== "rawString") this.unexpected(name, 'behind "define"');
    this.literal(name);
    this.expectClose("define");
    this.separately(() => this.body(keyword));
  }

  /** A template within: it sees none of the variables around it. */
  private separately(body: () => void): void {
    const { variables, dotIsTop, dot, ranges } = this;
    this.variables = ["$"];
    this.dotIsTop = false;
    this.dot = undefined;
    this.ranges = 0;
    body();
    Object.assign(this, { variables, dotIsTop, dot, ranges });
  }

  /** What follows up to an `end`, which must come. */
  private body(opener: Token): void {
    this.deeper(opener.at, () => {
      const { keyword, token } = this.list();
      if (keyword === "else") this.refuse(`"else" doesn't belong to "${opener.text}"`, token.at);
      this.mustEnd(keyword, opener);
    });
  }

  private mustEnd(keyword: End["keyword"], opener: Token): void {
    if (keyword === undefined) {
      this.refuse(`"${opener.text}" isn't closed`, opener.at, "Close it with {{ end }}.");
    }
  }

  /** One action behind its opening braces; says so if it was `end` or `else`. */
  private action(): "end" | "else" | undefined {
    const token = this.peekNonSpace();
    if (token.kind !== "keyword" || token.text === "nil") {
      this.pipeline("output", "close");
      return undefined;
    }
    this.index++;
    switch (token.text) {
      case "end":
        this.expectClose("end");
        return "end";
      case "else": {
        const next = this.peekNonSpace();
        if (next.kind !== "keyword" || (next.text !== "if" && next.text !== "with")) this.expectClose("else");
        return "else";
      }
      case "if":
      case "range":
      case "with":
        this.control(token, token.text);
        return undefined;
      case "break":
      case "continue":
        this.expectClose(token.text);
        if (this.ranges === 0) this.refuse(`"${token.text}" stands outside of a range`, token.at);
        return undefined;
      case "template":
        this.templateName(token);
        if (this.peekNonSpace().kind === "close") this.index++;
        else this.pipeline("template", "close");
        return undefined;
      case "block":
        this.templateName(token);
        this.pipeline("block", "close");
        this.separately(() => this.body(token));
        return undefined;
      default:
        return this.unexpected(token, "here");
    }
  }

  private templateName(after: Token): void {
    const name = this.nextNonSpace();
    if (name.kind !== "string" && name.kind !== "rawString") this.unexpected(name, `behind "${after.text}"`);
    this.literal(name);
  }

  private control(opener: Token, kind: "if" | "range" | "with"): void {
    this.deeper(opener.at, () => {
      const before = this.variables.length;
      const { dotIsTop, dot } = this;
      const pipeline = this.pipeline(kind, "close");
      if (kind === "range") this.ranges++;
      if (kind !== "if") Object.assign(this, { dotIsTop: false, dot: pipeline });
      const { keyword } = this.list();
      if (kind === "range") this.ranges--;
      Object.assign(this, { dotIsTop, dot });
      this.mustEnd(keyword, opener);
      if (keyword === "else") this.elseOf(opener, kind);
      this.variables.length = before;
    });
  }

  private elseOf(opener: Token, kind: "if" | "range" | "with"): void {
    const token = this.peek();
    if (token.kind === "keyword" && token.text === kind && (kind === "if" || kind === "with")) {
      // `else if` shares the `end` with its `if`.
      this.index++;
      this.control(token, kind);
      return;
    }
    const { keyword, token: end } = this.list();
    if (keyword === "else") this.refuse(`a second "else" for one "${opener.text}"`, end.at);
    this.mustEnd(keyword, opener);
  }

  /** Commands up to a closing token, which is taken. */
  private pipeline(use: Pipeline["use"], end: "close" | "rightParen"): Pipeline {
    const start = this.peekNonSpace();
    const { dotIsTop, dot } = this;
    const pipeline: Pipeline = { use, commands: [], dotIsTop, ...(dot && { dot }), at: start.at };
    this.pipelines.push(pipeline);
    if (this.declarations(use) && use === "output") pipeline.use = "declaration";
    const where = use === "output" || use === "parenthesis" ? "here" : `in "${use}"`;
    for (;;) {
      const token = this.peekNonSpace();
      if (token.kind === end) {
        this.index++;
        break;
      }
      if (!isOperand(token)) this.unexpected(token, where);
      pipeline.commands.push(this.command());
    }
    if (pipeline.commands.length === 0) {
      this.refuse(
        use === "output" ? "there is nothing between the braces" : `a value is missing ${where}`,
        start.at,
      );
    }
    for (const { operands } of pipeline.commands.slice(1)) {
      const [first] = operands;
      if (first!.kind === "literal" || first!.kind === "dot")
        this.refuse(`behind a pipe stands a function; ${first!.name} is none`, first!.at);
    }
    return pipeline;
  }

  /** `$x :=`, `$x =`, `$i, $x :=` at the beginning of a pipeline; whether there was one. */
  private declarations(use: Pipeline["use"]): boolean {
    for (let count = 0; this.peekNonSpace().kind === "variable"; count++) {
      const at = this.index;
      const name = this.next();
      const sign = this.peekNonSpace();
      const comma = sign.kind === "char" && sign.text === ",";
      if (sign.kind !== "assign" && sign.kind !== "declare" && !comma) {
        this.index = at;
        return count > 0;
      }
      this.index++;
      this.variables.push(name.text);
      if (!comma) return true;
      if (use !== "range" || count > 0) this.refuse("too many variables to set", name.at);
      const next = this.peekNonSpace();
      if (next.kind !== "variable" && next.kind !== "close" && next.kind !== "rightParen")
        this.refuse("range can set variables only", next.at);
    }
    return false;
  }

  private command(): Command {
    const operands: Operand[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand) operands.push(operand);
      const token = this.peek();
      if (token.kind === "space") this.index++;
      else if (token.kind === "pipe") {
        this.index++;
        break;
      } else if (token.kind === "close" || token.kind === "rightParen") break;
      else this.unexpected(token, "behind a value");
    }
    if (operands.length === 0) this.refuse("there is nothing in front of the pipe", this.peek().at);
    return { operands };
  }

  private operand(): Operand | undefined {
    const token = this.peekNonSpace();
    if (!isOperand(token)) return undefined;
    const operand = this.term(this.next());
    while (this.peek().kind === "field") {
      const field = this.next();
      if (operand.kind === "literal" || operand.kind === "dot")
        this.refuse(`${operand.name} has no fields`, field.at);
      operand.fields.push(field.text.slice(1));
    }
    return operand;
  }

  private term(token: Token): Operand {
    const { text, at } = token;
    const operand = (kind: Operand["kind"], name = text): Operand => ({ kind, name, fields: [], at });
    switch (token.kind) {
      case "identifier":
        if (!templateFunctions.has(text))
          this.refuse(`there is no function "${text}"`, at, functionNext(text));
        return operand("function");
      case "variable":
        if (!this.variables.includes(text))
          this.refuse(`there is no variable "${text}"`, at, variableNext(text, this.variables));
        return operand("variable");
      case "field":
        return operand("field", text.slice(1));
      case "dot":
        return operand("dot");
      case "leftParen":
        return this.deeper(at, () => ({
          ...operand("pipeline"),
          pipeline: this.pipeline("parenthesis", "rightParen"),
        }));
      default:
        this.literal(token);
        return operand("literal");
    }
  }

  private literal({ kind, text, at }: Token): void {
    if (kind === "number" && !isNumber(text)) this.refuse(`${text} is not a number`, at);
    if (kind !== "string" && kind !== "charConstant") return;
    const odd = oddEscape(text, kind === "string" ? '"' : "'");
    if (odd !== undefined) {
      this.refuse(
        `"${text.slice(odd, odd + 2)}" is no escape that Go knows`,
        at + odd,
        "Double the backslash, or put the text into backquotes.",
      );
    }
    if (kind === "charConstant" && !/^'(?:\\.+|[^\\'])'$/su.test(text))
      this.refuse("single quotes hold one character", at, "Put texts into double quotes.");
  }
}

const operandKinds = new Set<TokenKind>([
  "bool",
  "charConstant",
  "dot",
  "field",
  "identifier",
  "number",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

function isOperand({ kind, text }: Token): boolean {
  return operandKinds.has(kind) || (kind === "keyword" && text === "nil");
}

function isNumber(text: string): boolean {
  // An underscore stands between two digits, or between a prefix and a digit.
  if (/_(?![\da-fA-F])|(?<![\da-fA-FxXoObB])_/.test(text)) return false;
  const plain = text.replace(/^[+-]/, "").replace(/i$/, "").replaceAll("_", "");
  return /^(?:0[xX](?:[\da-fA-F]+|[\da-fA-F]*\.?[\da-fA-F]*[pP][+-]?\d+)|0[oO][0-7]+|0[bB][01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[+-].*)?)$/.test(
    plain,
  );
}

/** Where an escape stands that Go's strconv.Unquote refuses: `\d`, `\.`. */
function oddEscape(text: string, quote: string): number | undefined {
  for (let at = 1; at < text.length - 1; at++) {
    if (text[at] !== "\\") continue;
    const rest = text.slice(at + 1);
    const match = /^(?:[abfnrtv\\]|[0-3][0-7]{2}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/.exec(rest);
    if (match) at += match[0].length;
    else if (rest[0] === quote) at++;
    else return at;
  }
  return undefined;
}

function functionNext(name: string): string {
  const meant = didYouMean(name, [...templateFunctions.keys()]);
  return meant
    ? `Did you mean "${meant}"?`
    : "`obs explain template-syntax` lists the functions of Prometheus. Labels are $labels.name.";
}

function variableNext(name: string, known: readonly string[]): string {
  const meant = didYouMean(
    name,
    known.filter((each) => each !== "$"),
  );
  return meant ? `Did you mean "${meant}"?` : "Labels of the alert are $labels.name, its value is $value.";
}

function faultNext({ text }: Token, before: Token | undefined): string | undefined {
  if (!text.includes("part of a name")) return undefined;
  return before?.kind === "variable" || before?.kind === "field" || text.includes('"-"')
    ? 'A name with other signs is taken with index: {{ index $labels "a-b" }}.'
    : undefined;
}
