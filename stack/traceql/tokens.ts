import { intrinsics, scopes } from "./fields.js";

export interface Token {
  kind: "attribute" | "intrinsic" | "word" | "string" | "number" | "duration" | "operator" | "end" | "fault";
  /** As written; of a fault, what is wrong. */
  text: string;
  from: number;
  to: number;
}

const operators = [
  ...["&>>", "&<<", "!>>", "!<<"],
  ...["&&", "||", "=~", "!~", "!=", ">=", "<=", ">>", "<<", "!>", "!<", "&>", "&<", "&~"],
  ...["{", "}", "(", ")", ",", "=", ">", "<", "~", "!", "|", "+", "-", "*", "/", "%", "^"],
];

/** Behind its dot an attribute goes on to the next of these, or has parts in quotes. */
const attributeName = /(?:"(?:[^"\\]|\\.)*"|[^\s{}()=~!<>&|^,"])+/y;
const scoped = new RegExp(String.raw`(?:${scopes.join("|")})?\.(?!\d+(?:[^\w.]|$))`, "y");
const ofScope = /(?:trace|span|event|link|instrumentation):[A-Za-z]*/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy;
const duration =
  /(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w|y)(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h|d|w|y))*(?!\w)/y;
const word = /[A-Za-z_][\w]*/y;
const text = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y;
const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** Takes a TraceQL query apart; the last token is `end` or the first fault. Pure, never throws. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(query)?.[0];
  };
  const push = (kind: Token["kind"], length: number, shown = query.slice(at, at + length)) => {
    tokens.push({ kind, text: shown, from: at, to: at + length });
    at += length;
  };
  for (;;) {
    at += take(blank)?.length ?? 0;
    if (at >= query.length) {
      tokens.push({ kind: "end", text: "", from: query.length, to: query.length });
      return tokens;
    }
    const prefix = take(scoped);
    if (prefix !== undefined) {
      const begin = at;
      at += prefix.length;
      const inner = prefix === "parent." ? take(/(?:resource|span)\./y) : undefined;
      at += inner?.length ?? 0;
      const name = take(attributeName);
      at = begin;
      if (name === undefined) {
        push("fault", prefix.length, `\`${prefix}\` names no attribute`);
        return tokens;
      }
      push("attribute", prefix.length + (inner?.length ?? 0) + name.length);
      continue;
    }
    const string = take(text);
    if (string !== undefined) {
      push("string", string.length);
      continue;
    }
    if (query[at] === '"' || query[at] === "`" || query[at] === "'") {
      const single = query[at] === "'";
      push("fault", 1, single ? "a text stands in double quotes or backticks" : "the text is not closed");
      return tokens;
    }
    const span = take(duration);
    if (span !== undefined) {
      push("duration", span.length);
      continue;
    }
    const digits = take(number);
    if (digits !== undefined) {
      push("number", digits.length);
      continue;
    }
    const intrinsic = take(ofScope) ?? take(word);
    if (intrinsic !== undefined) {
      push(intrinsics[intrinsic] || intrinsic.includes(":") ? "intrinsic" : "word", intrinsic.length);
      continue;
    }
    const operator = operators.find((each) => query.startsWith(each, at));
    if (operator === undefined) {
      push("fault", 1, `unexpected \`${query[at]}\``);
      return tokens;
    }
    push("operator", operator.length);
  }
}
