/** Kinds of tokens of Go's templates. `char` is any other sign; `fault` ends the list, its text says what is wrong. */
export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "pipe"
  | "assign"
  | "declare"
  | "leftParen"
  | "rightParen"
  | "string"
  | "rawString"
  | "charConstant"
  | "number"
  | "variable"
  | "field"
  | "dot"
  | "identifier"
  | "keyword"
  | "bool"
  | "char"
  | "end"
  | "fault";

export interface Token {
  kind: TokenKind;
  text: string;
  /** UTF-16 offset in the template. */
  at: number;
}

const keywords = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

const alphanumeric = /[\p{L}\p{Nd}_]/u;
/** The same among the characters that nearly all names are made of. */
const wordAt = /\w*/y;

function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r";
}

/**
 * Takes a template apart as Go's text/template does. What Go refuses ends the list with a `fault`; text is not trimmed,
 * as nobody here asks for it.
 */
export function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{{", at);
    if (open < 0) {
      tokens.push({ kind: "text", text: template.slice(at), at });
      break;
    }
    if (open > at) tokens.push({ kind: "text", text: template.slice(at, open), at });
    const marker = /^-[ \t\r\n]/.test(template.slice(open + 2, open + 4)) ? 2 : 0;
    const next = template.startsWith("/*", open + 2 + marker)
      ? comment(template, open, open + 2 + marker, tokens)
      : new ActionLexer(template, open, open + 2 + marker, tokens).run();
    if (next === undefined) return tokens;
    at = next;
  }
  tokens.push({ kind: "end", text: "", at: template.length });
  return tokens;
}

function comment(template: string, open: number, start: number, tokens: Token[]): number | undefined {
  const end = template.indexOf("*/", start + 2);
  if (end < 0) {
    tokens.push({ kind: "fault", text: "a comment isn't closed with */", at: open });
    return undefined;
  }
  const close = /^(?:[ \t\r\n]-)?\}\}/.exec(template.slice(end + 2, end + 6));
  if (close) return end + 2 + close[0].length;
  tokens.push({ kind: "fault", text: "a comment must fill its braces: {{/* … */}}", at: open });
  return undefined;
}

/** The inside of one action, from behind its opening braces. */
class ActionLexer {
  private at: number;
  private parens = 0;
  private failed = false;

  constructor(
    private readonly text: string,
    private readonly open: number,
    start: number,
    private readonly tokens: Token[],
  ) {
    this.at = start;
    tokens.push({ kind: "open", text: "{{", at: open });
  }

  /** Where the text goes on behind the action; undefined after a fault. */
  run(): number | undefined {
    while (!this.failed) {
      const close = this.closing();
      if (close === undefined) this.token();
      else if (this.parens > 0) this.fault("a parenthesis isn't closed", this.at);
      else {
        this.push("close", this.at + close - 2, this.at + close);
        return this.at;
      }
    }
    return undefined;
  }

  /** Length of the closing braces here, with their trim marker; undefined where there are none. */
  private closing(): number | undefined {
    const { text, at } = this;
    if (text[at] === "}") return text[at + 1] === "}" ? 2 : undefined;
    return text[at + 1] === "-" && isSpace(text[at]) && text.startsWith("-}}", at + 1) ? 4 : undefined;
  }

  private push(kind: TokenKind, from: number, to: number): void {
    this.tokens.push({ kind, text: this.text.slice(from, to), at: from });
    this.at = to;
  }

  private fault(text: string, at: number): void {
    this.tokens.push({ kind: "fault", text, at });
    this.failed = true;
  }

  private token(): void {
    const { text, at } = this;
    const char = this.charAt(at);
    if (char === "") this.fault("the braces aren't closed with }}", this.open);
    else if (isSpace(char)) this.spaces();
    else if (char === "=") this.push("assign", at, at + 1);
    else if (char === ":" && text[at + 1] === "=") this.push("declare", at, at + 2);
    else if (char === ":") this.fault("a colon stands in := only", at);
    else if (char === "|") this.push("pipe", at, at + 1);
    else if (char === '"') this.quoted('"', "string", "a text isn't closed with a quote");
    else if (char === "'") this.quoted("'", "charConstant", "a character isn't closed with a quote");
    else if (char === "`") this.raw();
    else if (char === "$") this.name("variable", at + 1);
    else if (char === "." && !/\d/.test(text[at + 1] ?? "")) this.name("field", at + 1);
    else if (/[.+\-\d]/.test(char)) this.number();
    else if (alphanumeric.test(char)) this.name("identifier", at);
    else if (char === "(") {
      this.parens++;
      this.push("leftParen", at, at + 1);
    } else if (char === ")" && this.parens > 0) {
      this.parens--;
      this.push("rightParen", at, at + 1);
    } else if (char === ")") this.fault("a parenthesis is closed that was never opened", at);
    else if (/[!-~]/.test(char)) this.push("char", at, at + 1);
    else this.fault(`the character ${JSON.stringify(char)} has no meaning here`, at);
  }

  /** One character, both halves of it where it takes two UTF-16 units. */
  private charAt(at: number): string {
    const code = this.text.codePointAt(at);
    return code === undefined ? "" : code < 0x10000 ? this.text[at]! : String.fromCodePoint(code);
  }

  private spaces(): void {
    let end = this.at;
    while (isSpace(this.text[end])) end++;
    // The last one may belong to the trim marker of closing braces.
    if (this.text.startsWith("-}}", end)) end--;
    if (end > this.at) this.push("space", this.at, end);
  }

  private quoted(quote: string, kind: TokenKind, open: string): void {
    for (let end = this.at + 1; end < this.text.length && this.text[end] !== "\n"; end++) {
      if (this.text[end] === "\\") {
        end++;
        if (this.text[end] === "\n") break;
      } else if (this.text[end] === quote) {
        this.push(kind, this.at, end + 1);
        return;
      }
    }
    this.fault(open, this.at);
  }

  private raw(): void {
    const end = this.text.indexOf("`", this.at + 1);
    if (end < 0) this.fault("a text isn't closed with a backquote", this.at);
    else this.push("rawString", this.at, end + 1);
  }

  /** An identifier, or what follows `$` or a dot. */
  private name(kind: "identifier" | "variable" | "field", from: number): void {
    wordAt.lastIndex = from;
    wordAt.test(this.text);
    let end = wordAt.lastIndex;
    // What isn't ASCII is a rare case of its own.
    if (this.text.charCodeAt(end) > 127)
      for (let char = this.charAt(end); alphanumeric.test(char); char = this.charAt(end)) end += char.length;
    const word = this.text.slice(this.at, end);
    if (!this.atTerminator(end))
      this.fault(`the character ${JSON.stringify(this.charAt(end))} can't be part of a name`, end);
    else if (kind === "field" && end === from) this.push("dot", this.at, end);
    else if (kind !== "identifier") this.push(kind, this.at, end);
    else if (word === "true" || word === "false") this.push("bool", this.at, end);
    else this.push(keywords.has(word) ? "keyword" : "identifier", this.at, end);
  }

  private atTerminator(at: number): boolean {
    const char = this.text[at];
    return char === undefined || isSpace(char) || ".,|:)(".includes(char) || this.text.startsWith("}}", at);
  }

  private number(): void {
    let end = this.at + number.exec(this.text.slice(this.at, this.at + 400))![0].length;
    let whole = true;
    if (/[+-]/.test(this.text[end] ?? "")) {
      const imaginary = number.exec(this.text.slice(end, end + 400))![0];
      end += imaginary.length;
      whole = imaginary.endsWith("i");
    }
    if (whole && !alphanumeric.test(this.charAt(end))) this.push("number", this.at, end);
    else this.fault(`${this.text.slice(this.at, end + 1).trim()} is not a number`, this.at);
  }
}

/** Sign, prefix, digits, fraction, exponent, `i` for imaginary; all of it may be missing: then it is judged later. */
const number =
  /^[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/;
