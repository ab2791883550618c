/**
 * Kinds of tokens. Operators and punctuation stand for themselves; `keyword` covers every reserved word, whose lower-case
 * form is in `word`.
 */
export type TokenKind =
  | "identifier"
  | "metric" // an identifier with a colon in it
  | "keyword"
  | "number"
  | "duration"
  | "string"
  | "operator"
  | "punctuation"
  | "end"
  | "error";

export interface Token {
  kind: TokenKind;
  /** As written; of a keyword in lower case (keywords don't mind case). */
  word: string;
  from: number;
  to: number;
  /** What is wrong, of kind `error`. Nothing is read behind it. */
  message?: string;
}

export const aggregationNames = [
  "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar",
  "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio",
] as const; // biome-ignore format: one table

const keywords = new Set<string>([
  ...aggregationNames,
  "and", "or", "unless", "atan2",
  "offset", "smoothed", "anchored", "by", "without", "on", "ignoring", "group_left", "group_right", "bool",
  "fill", "fill_left", "fill_right",
  "start", "end", "step", "range", "max_of", "min_of",
]); // biome-ignore format: one table

const fillWords = new Set(["fill", "fill_left", "fill_right"]);
const durationWords = new Set(["step", "range", "max_of", "min_of"]);

// Runs of characters are looked for by the engine's own machine: rules are read once, by code that nothing has warmed up.
const wordAt = /\w*/y;
const metricAt = /[\w:]*/y;
const spaceAt = /[ \t\n\r]*/y;
const lineAt = /[^\n\r]*/y;
const hash = "#".charCodeAt(0);
/** Numbers as nearly everyone writes them. */
const numberAt = /(?:0|[1-9]\d*)(?:\.\d+)?(?![\w.])/y;
/** What can't end a text and needs no second look. */
const ordinaryAt = /[^"'`\\\n\ud800-\udfff\ufffd]*/y;

/**
 * The tokens of a PromQL expression as Prometheus 3.15 reads them (promql/parser/lex.go), the last one of kind `end` or
 * `error`. Comments are left out. Linear in the length of the text.
 */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  private at = 0;
  private readonly tokens: Token[] = [];
  private inBraces = false;
  /** Offset of the open bracket. */
  private bracket: number | undefined;
  /** Between `[` and the first number nothing but arithmetic on durations may stand, not even a comment. */
  private beforeDuration = false;
  private gotColon = false;
  /** Whether any brackets so far had a number in them: as Prometheus keeps it, never reset. */
  private gotDuration = false;
  private readonly parens: number[] = [];

  constructor(private readonly text: string) {}

  run(): Token[] {
    let last: Token;
    do {
      last = this.next();
      this.tokens.push(last);
    } while (last.kind !== "end" && last.kind !== "error");
    return this.tokens;
  }

  private token(kind: TokenKind, from: number, word = this.text.slice(from, this.at)): Token {
    return { kind, word, from, to: this.at };
  }

  private error(message: string, from = this.at, to = Math.max(from + 1, this.at)): Token {
    return { kind: "error", word: "", from, to: Math.min(to, Math.max(this.text.length, from)), message };
  }

  private next(): Token {
    this.skipSpace();
    const { text } = this;
    const from = this.at;
    if (from >= text.length) return this.atEnd();
    const c = text[from]!;
    if (c === '"' || c === "'" || c === "`") {
      if (this.beforeDuration) return this.unexpected(c);
      return this.string(c);
    }
    if (this.inBraces) return this.insideBraces(c);
    if (this.bracket !== undefined) {
      const special = this.insideBrackets(c);
      if (special) return special;
    } else if (isAlpha(c) || c === ":") return this.word();
    if (isDigit(c) || (c === "." && isDigit(text[from + 1] ?? ""))) return this.numberOrDuration();
    this.at++;
    switch (c) {
      case ",":
      case "@":
        return this.token("punctuation", from);
      case "(":
        this.parens.push(from);
        return this.token("punctuation", from);
      case ")":
        if (this.parens.pop() === undefined)
          return this.error("this closing parenthesis has no opening one", from);
        return this.token("punctuation", from);
      case "{":
        this.inBraces = true;
        return this.token("punctuation", from);
      case "[":
        if (this.bracket !== undefined) return this.error("a range can't have another one inside", from);
        this.bracket = from;
        this.beforeDuration = true;
        this.gotColon = false;
        return this.token("punctuation", from);
      case "]":
        if (this.bracket === undefined) return this.error("this closing bracket has no opening one", from);
        this.bracket = undefined;
        this.beforeDuration = false;
        return this.token("punctuation", from);
      case "*":
      case "/":
      case "%":
      case "+":
      case "-":
      case "^":
        return this.token("operator", from);
      case "=":
        if (text[this.at] === "~")
          return this.error(
            "`=~` matches labels, inside braces only: compare values with `==`",
            from,
            from + 2,
          );
        if (text[this.at] === "=") this.at++;
        else return this.token("punctuation", from);
        return this.token("operator", from);
      case "!":
        if (text[this.at] !== "=") return this.error("behind `!` only `=` can stand here (`!=`)", from);
        this.at++;
        return this.token("operator", from);
      case "<":
      case ">":
        if (text[this.at] === "=" || text[this.at] === "/") this.at++;
        return this.token("operator", from);
    }
    return this.unexpected(c, from);
  }

  private unexpected(c: string, from = this.at): Token {
    const whole = String.fromCodePoint(this.text.codePointAt(from)!);
    const shown = /\p{Cc}/u.test(c) ? `control character U+${hex4(c)}` : `character ${JSON.stringify(whole)}`;
    const where = this.inBraces ? " inside braces" : this.bracket !== undefined ? " inside brackets" : "";
    return this.error(`unexpected ${shown}${where}`, from, from + whole.length);
  }

  private atEnd(): Token {
    const end = this.text.length;
    if (this.inBraces) return this.error("the closing brace `}` is missing", end, end);
    if (this.bracket !== undefined)
      return this.error("the closing bracket `]` is missing", this.bracket, end);
    const open = this.parens.at(-1);
    if (open !== undefined) return this.error("this parenthesis is never closed", open, open + 1);
    return { kind: "end", word: "", from: end, to: end };
  }

  /** Goes on behind what an expression matches here. Says whether it matches. */
  private skip(expression: RegExp): boolean {
    expression.lastIndex = this.at;
    if (!expression.test(this.text)) return false;
    this.at = expression.lastIndex;
    return true;
  }

  private skipSpace(): void {
    // Nearly everything a token begins with comes behind blanks and `#` in the order of characters.
    if (this.text.charCodeAt(this.at) > hash) return;
    this.skip(spaceAt);
    while (this.text[this.at] === "#" && !this.beforeDuration) {
      this.skip(lineAt);
      this.skip(spaceAt);
    }
  }

  private insideBraces(c: string): Token {
    const from = this.at;
    if (isAlpha(c)) {
      this.skip(wordAt);
      return this.token("identifier", from);
    }
    this.at++;
    if (c === ",") return this.token("punctuation", from);
    if (c === "}") {
      this.inBraces = false;
      return this.token("punctuation", from);
    }
    const follower = this.text[this.at];
    if (c === "=") {
      if (follower === "~") this.at++;
      return this.token("operator", from);
    }
    if (c === "!") {
      if (follower !== "~" && follower !== "=")
        return this.error("behind `!` only `=` or `~` can stand (`!=`, `!~`)", from);
      this.at++;
      return this.token("operator", from);
    }
    this.at = from;
    return this.unexpected(c);
  }

  /** Tokens that only mean something in brackets, or mean something else there; undefined: as everywhere. */
  private insideBrackets(c: string): Token | undefined {
    const from = this.at;
    if (c === ":") {
      this.at++;
      if (this.gotColon) return this.error("a subquery has one colon at most", from);
      if (this.beforeDuration && !this.gotDuration)
        return this.error("the range in front of the colon is missing", from);
      this.gotColon = true;
      return this.token("punctuation", from);
    }
    if (isAlpha(c)) {
      while (isAlpha(this.text[this.at] ?? "")) this.at++;
      const word = this.text.slice(from, this.at).toLowerCase();
      if (durationWords.has(word)) return this.token("keyword", from, word);
      return this.error("a duration was expected here, such as `5m`", from);
    }
    if (this.beforeDuration && !"]()+-*/%^,0123456789.".includes(c)) return this.unexpected(c);
    return undefined;
  }

  private word(): Token {
    const from = this.at;
    this.skip(metricAt);
    const word = this.text.slice(from, this.at);
    const lower = word.toLowerCase();
    if (lower === "inf" || lower === "nan") return this.token("number", from);
    if (keywords.has(lower)) {
      if (fillWords.has(lower) && !this.parenFollows()) return this.token("identifier", from);
      return this.token("keyword", from, lower);
    }
    return this.token(word.includes(":") ? "metric" : "identifier", from);
  }

  private parenFollows(): boolean {
    let at = this.at;
    while (" \t\n\r".includes(this.text[at] ?? "x")) at++;
    return this.text[at] === "(";
  }

  private numberOrDuration(): Token {
    const from = this.at;
    if (this.bracket !== undefined) this.gotDuration = true;
    this.beforeDuration = false;
    if (this.skip(numberAt) || this.scanNumber()) return this.token("number", from);
    if (this.scanRestOfDuration()) return this.token("duration", from);
    this.skip(wordAt);
    return this.error(`\`${this.text.slice(from, this.at)}\` is neither a number nor a duration`, from);
  }

  private is(set: string): boolean {
    const c = this.text[this.at];
    return c !== undefined && set.includes(c);
  }

  private accept(set: string): boolean {
    if (!this.is(set)) return false;
    this.at++;
    return true;
  }

  /** Leaves `at` where it gave up, since a duration may go on from there. */
  private scanNumber(): boolean {
    const from = this.at;
    let digits = "0123456789";
    if (this.accept("0") && this.accept("xX")) {
      this.accept("_");
      digits = "0123456789abcdefABCDEF";
    }
    this.accept(".");
    this.accept(digits);
    let dot = false;
    let exponent = false;
    while (this.is(`${digits}._eE`)) {
      if (this.is(".") && dot) return false;
      if (this.is("eE") && exponent) return false;
      if (this.accept(".")) {
        dot = true;
        if (this.is("_.") || digits.length > 10) return false;
      } else if (this.accept("eE")) {
        exponent = true;
        this.accept("+-");
        if (this.is("._eE") || this.at >= this.text.length) return false;
      } else if (this.accept("_")) {
        if (this.is("._eE") || this.at >= this.text.length) return false;
      } else while (this.accept(digits));
    }
    return this.at > from && !isAlphaNumeric(this.text[this.at] ?? "");
  }

  private scanRestOfDuration(): boolean {
    if (!this.accept("smhdwy")) return false;
    this.accept("s");
    while (this.accept("0123456789")) {
      while (this.accept("0123456789"));
      if (!this.accept("smhdw")) return false;
      this.accept("s");
    }
    return !isAlphaNumeric(this.text[this.at] ?? "");
  }

  private string(quote: string): Token {
    const { text } = this;
    const from = this.at++;
    for (;;) {
      this.skip(ordinaryAt);
      const c = text[this.at];
      if (c === undefined || (c === "\n" && quote !== "`"))
        return this.error(`the text that begins here is never closed by ${quote}`, from, this.at);
      if (c === "\uFFFD" || isLoneSurrogate(text, this.at))
        return this.error("a character here is not valid UTF-8", this.at, this.at + 1);
      this.at++;
      if (c === quote) return this.token("string", from);
      if (c === "\\" && quote !== "`") {
        const wrong = this.escape(quote);
        if (wrong) return wrong;
      }
    }
  }

  /** Reads what stands behind a backslash. */
  private escape(quote: string): Token | undefined {
    const { text } = this;
    const from = this.at - 1;
    const c = text[this.at++] ?? "";
    if (c !== "" && `abfnrtv\\${quote}`.includes(c)) return undefined;
    const form = c >= "0" && c <= "7" && c !== "" ? octal : escapes[c];
    if (!form)
      return this.error(
        `unknown escape \`\\${c}\` in a text${/[dwsDWS.+*?|()[\]{}^$-]/.test(c) ? `: write \`\\\\${c}\`` : ""}`,
        from,
        from + 2,
      );
    const begin = form === octal ? this.at - 1 : this.at;
    const digits = text.slice(begin, begin + form.length);
    this.at = begin + digits.length;
    const value =
      digits.length === form.length && form.pattern.test(digits) ? Number.parseInt(digits, form.base) : -1;
    if (value < 0)
      return this.error(
        `the escape \`\\${c}\` needs ${form.length} ${form.base === 8 ? "octal" : "hexadecimal"} digits`,
        from,
      );
    if (value > form.most || (value >= 0xd800 && value < 0xe000))
      return this.error("this escape is no valid character", from);
    return undefined;
  }
}

interface EscapeForm {
  length: number;
  base: number;
  most: number;
  pattern: RegExp;
}
const octal: EscapeForm = { length: 3, base: 8, most: 255, pattern: /^[0-7]+$/ };
const escapes: Record<string, EscapeForm> = {
  x: { length: 2, base: 16, most: 255, pattern: /^[0-9a-fA-F]+$/ },
  u: { length: 4, base: 16, most: 0x10ffff, pattern: /^[0-9a-fA-F]+$/ },
  U: { length: 8, base: 16, most: 0x10ffff, pattern: /^[0-9a-fA-F]+$/ },
};

function hex4(c: string): string {
  return c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}

function isLoneSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdfff) return false;
  if (unit <= 0xdbff) {
    const low = text.charCodeAt(at + 1);
    return !(low >= 0xdc00 && low <= 0xdfff);
  }
  const high = text.charCodeAt(at - 1);
  return !(high >= 0xd800 && high <= 0xdbff);
}

function isDigit(c: string): boolean {
  return c >= "0" && c <= "9";
}

function isAlpha(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_";
}

function isAlphaNumeric(c: string): boolean {
  return isAlpha(c) || isDigit(c);
}
