import { functionWords, reservedWords } from "./rules.js";

/**
 * An expression as the grammar wants it, character for character in the same place: Loki doesn't mind the case of its own
 * words, takes underscores between digits, and reads filters of labels with nothing but a blank between them.
 */
export function grammarSpelling(expr: string): string {
  return withCommas(
    expr.replace(
      /"(?:\\.|[^"\\])*"|`[^`]*`|#.*|--[\w-]+|[A-Za-z_]\w*(\s*\()?|\d[\w.]*/g,
      (token: string, paren: string | undefined) => {
        if (/^[0-9]/.test(token)) return token.replace(/(?<=\d)_(?=\d)/g, "0");
        if (/^["`#-]/.test(token)) return token;
        const lower = token.toLowerCase();
        const word = paren ? lower.slice(0, -paren.length) : lower;
        // Names of labels, unless a parenthesis follows; the grammar thinks otherwise.
        if (!paren && (word === "vector" || word === "label_replace")) return "x".repeat(word.length);
        return reservedWords.has(word) || (paren && functionWords.has(word)) ? lower : token;
      },
    ),
  );
}

const tokens = /"(?:\\.|[^"\\])*"|`[^`]*`|#.*|[A-Za-z_]\w*|\d[\w.]*|\s+|\|[=~>]?|[=!<>]=|[=!]~|!>|./gs;

/** Puts a comma for the blank between two filters of labels in a row, `x="1" y>2`. */
function withCommas(expr: string): string {
  if (!/["`\w)]\s+[A-Za-z_(#]/.test(expr)) return expr;
  const parts = expr.match(tokens) ?? [];
  // Whether the stage that is being read filters by labels: its first word is none of the language's.
  let filters: "no" | "maybe" | "yes" = "no";
  /** The blank behind a value, until something else than a comment follows. */
  let blank: number | undefined;
  for (const [at, token] of parts.entries()) {
    if (/^[\s#]/.test(token)) continue;
    if (token === "|") filters = "maybe";
    else if (/^(?:\||!>|\[)/.test(token)) filters = "no";
    else if (filters === "maybe" && token !== "(") filters = isName(token) ? "yes" : "no";
    else if (filters === "yes" && blank !== undefined && (isName(token) || token === "("))
      parts[blank] = `,${parts[blank]!.slice(1)}`;
    blank = undefined;
    if (/^["`\d)]/.test(token) && /^\s/.test(parts[at + 1] ?? "")) blank = at + 1;
  }
  return parts.join("");
}

function isName(token: string): boolean {
  return /^[A-Za-z_]/.test(token) && !reservedWords.has(token.toLowerCase());
}

/** A `variants(...) of (...)`, which the grammar doesn't know, in parts: where each of its expressions stands. */
export interface Variants {
  /** What is counted. */
  counted: { from: number; to: number }[];
  /** The range of logs that all are counted over, in its parentheses. */
  range: { from: number; to: number };
  /** The first place behind all that. */
  end: number;
}

/**
 * Takes apart an expression that begins with `variants`; undefined for others. Where it isn't written as Loki wants it: the
 * place.
 */
export function variantsIn(expr: string): Variants | { fault: number } | undefined {
  const words: { text: string; from: number }[] = [];
  let from = 0;
  for (const text of expr.match(tokens) ?? []) {
    if (!/^[\s#]/.test(text)) words.push({ text, from });
    from += text.length;
  }
  if (words[0]?.text.toLowerCase() !== "variants" || words[1]?.text !== "(") return undefined;
  const close = closing(words, 1);
  const fault = (at: number) => ({ fault: words[at]?.from ?? expr.length });
  if (close === undefined) return { fault: expr.length };
  if (close === 2) return fault(2);
  if (words[close + 1]?.text.toLowerCase() !== "of" || words[close + 2]?.text !== "(")
    return fault(words[close + 1]?.text.toLowerCase() === "of" ? close + 2 : close + 1);
  const end = closing(words, close + 2);
  if (end === undefined) return { fault: expr.length };
  const counted: Variants["counted"] = [];
  let depth = 0;
  let start = words[1].from + 1;
  for (const { text, from } of words.slice(2, close + 1)) {
    // What isn't closed is left whole: it is no expression.
    if ((depth === 0 && text === ",") || from === words[close]!.from) {
      counted.push({ from: start, to: from });
      start = from + 1;
    }
    if (/^[({[]$/.test(text)) depth++;
    if (/^[)}\]]$/.test(text)) depth--;
  }
  return {
    counted,
    range: { from: words[close + 2]!.from, to: words[end]!.from + 1 },
    end: words[end]!.from + 1,
  };
}

function closing(words: readonly { text: string }[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < words.length; at++) {
    if (words[at]!.text === "(") depth++;
    if (words[at]!.text === ")" && --depth === 0) return at;
  }
  return undefined;
}
