import { isScalar, visit } from "yaml";
import type { Disable, Rule, RuleFile, RuleGroup, Span } from "./model.js";

/*
 * `# obs:disable <check> <reason>` silences a check for the rule or group it stands directly above or in;
 * `# obs:disable-file <check> <reason>`, anywhere, for the file. Comments of the query language inside an expression count,
 * too; other texts that happen to hold those words don't.
 */
const pattern = /#[ \t]*obs:disable(-file)?(?:[ \t]+([^\s#]+))?(?:[ \t]+([^\r\n]*?))?[ \t]*\r?$/gm;

/** Every comment that silences a check, in order. */
export function findDisables(file: RuleFile): Disable[] {
  const { text } = file;
  if (!text.includes("obs:disable")) return [];
  const texts = quotedTexts(file);
  const found: Disable[] = [];
  for (const match of text.matchAll(pattern)) {
    const span = { start: match.index, end: match.index + match[0].trimEnd().length };
    if (!startsComment(text, span.start) || texts.some((each) => contains(each, span.start))) continue;
    const [, wholeFile, check = "", reason = ""] = match;
    found.push({ check, reason, span, ...aboutWhat(file, span, wholeFile !== undefined) });
  }
  return found;
}

/** A `#` within a word starts no comment. */
function startsComment(text: string, at: number): boolean {
  return at === 0 || /\s/.test(text[at - 1]!);
}

function contains({ start, end }: Span, at: number): boolean {
  return start <= at && at < end;
}

/** Scalars other than expressions: a `#` in them is text. */
function quotedTexts(file: RuleFile): Span[] {
  const exprs = new Set(file.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr.span.start)));
  const spans: Span[] = [];
  for (const document of file.documents) {
    visit(document, {
      Scalar(_key, node) {
        if (!isScalar(node) || !node.range || exprs.has(node.range[0])) return;
        // The header of a block may be followed by a comment.
        const block = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
        const start = block ? file.text.indexOf("\n", node.range[0]) : node.range[0];
        spans.push({ start, end: node.range[1] });
      },
    });
  }
  return spans;
}

function aboutWhat(file: RuleFile, comment: Span, wholeFile: boolean): Pick<Disable, "lines" | "about"> {
  if (wholeFile) return { about: "file", lines: { first: 1, last: Number.MAX_SAFE_INTEGER } };
  const below = directlyBelow(file.text, comment.start);
  const rules = file.groups.flatMap((group) => group.rules);
  const above = <T extends Rule | RuleGroup>(all: readonly T[]) =>
    all.find(({ span }) => below !== undefined && contains(below, span.start));
  const within = <T extends Rule | RuleGroup>(all: readonly T[]) =>
    all.find(({ span }) => contains(span, comment.start) || endsOnLineOf(file.text, span, comment.start));
  const rule = above(rules);
  const group = above(file.groups);
  // The first rule's line is the group's own where `rules` is written in front of `name`.
  if (group && (!rule || group.span.start <= rule.span.start))
    return { about: "group", lines: linesOf(file, group.span, comment) };
  const ruleOrWithin = rule ?? within(rules);
  if (ruleOrWithin) return { about: "rule", lines: linesOf(file, ruleOrWithin.span, comment) };
  const groupWithin = within(file.groups);
  if (groupWithin) return { about: "group", lines: linesOf(file, groupWithin.span, comment) };
  return { about: undefined, lines: { first: 0, last: 0 } };
}

/** The first line below a comment that is neither empty nor a comment, where the comment has a line of its own. */
function directlyBelow(text: string, at: number): Span | undefined {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  if (text.slice(lineStart, at).trim() !== "") return undefined;
  for (let start = text.indexOf("\n", at) + 1; start > 0; ) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end).trim();
    if (line === "") return undefined;
    if (!line.startsWith("#")) return { start, end };
    start = next + 1;
  }
  return undefined;
}

/** Whether a place is behind the end of a span on its last line: a comment at the end of a rule's last line is in it. */
function endsOnLineOf(text: string, span: Span, at: number): boolean {
  return span.end <= at && !text.slice(span.end, at).includes("\n") && text[span.end - 1] !== "\n";
}

function linesOf(file: RuleFile, span: Span, comment: Span): { first: number; last: number } {
  const last = Math.max(span.start, span.end - 1);
  return {
    first: Math.min(file.positionAt(span.start).line, file.positionAt(comment.start).line),
    last: Math.max(file.positionAt(last).line, file.positionAt(comment.start).line),
  };
}
