import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type ParsedNode,
  Parser,
  type Range,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Located, Position, Span } from "./model.js";
import { readPlainYaml } from "./plain-yaml.js";
import { type ScalarStyle, scalarOffsets } from "./scalar-offsets.js";

/** A mapping as it was read. */
export type Mapping = YAMLMap<ParsedNode, ParsedNode | null>;

/** Documents of a YAML text, or why there are none. */
export type ParsedYaml = { documents: Document.Parsed[] } | { documents: []; unparsed: string };

/**
 * The text with every line break of YAML 1.1 as `\n`: that is what Go's library, which Prometheus uses, takes for one. No
 * offset changes by it.
 */
export function withPlainBreaks(text: string): string {
  return /\r(?!\n)|[\u0085\u2028\u2029]/.test(text)
    ? text.replaceAll(/\r(?!\n)|[\u0085\u2028\u2029]/g, "\n")
    : text;
}

/** Rule files need 8 levels; the library's recursion comes to an end at some thousand. */
const deepest = 200;

/**
 * Reads every document of a YAML text; faults are in each document's `errors`. Scalars stay texts: whether `1d` or `yes`
 * is more than that depends on who reads it. Duplicate keys, merge keys and unknown aliases are left as they are.
 */
export function parseYaml(text: string): ParsedYaml {
  const plain = readPlainYaml(text);
  if (!plain) return parseAnyYaml(text);
  aliasesOf.set(plain, new Map());
  plainOnes.add(plain);
  return { documents: [plain] };
}

const plainOnes = new WeakSet<Document.Parsed>();

/** Whether a document has nothing out of the ordinary in it. */
export function isPlain(document: Document.Parsed): boolean {
  return plainOnes.has(document);
}

/** The same by the library, whatever is in the text. */
export function parseAnyYaml(text: string): ParsedYaml {
  const parser = new Parser();
  const composer = new Composer({
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed[] = [];
  const compose = (tokens: Iterable<Parameters<typeof composer.next>[0]>) => {
    for (const token of tokens) documents.push(...composer.next(token));
  };
  for (const lexeme of looseLexer().lex(text)) {
    compose(parser.next(lexeme));
    if (parser.stack.length > deepest) {
      return { documents: [], unparsed: `it is nested more than ${deepest} levels deep` };
    }
  }
  compose(parser.end());
  documents.push(...composer.end());
  return { documents };
}

/**
 * The library's lexer, but with texts in quotes and collections in brackets going on in lines that are indented less than
 * they began, as Go's library takes them. Its methods are private; the version is pinned, and a test holds this.
 */
function looseLexer(): Lexer {
  const lexer = new Lexer();
  const insides = lexer as unknown as Record<(typeof loose)[number], () => Generator<string, string>> & {
    indentNext: number;
  };
  for (const method of loose) {
    const strict = insides[method];
    insides[method] = function* () {
      const { indentNext } = insides;
      insides.indentNext = 0;
      const next = yield* strict.call(lexer);
      insides.indentNext = indentNext;
      return next;
    };
  }
  return lexer;
}

const loose = ["parseQuotedScalar", "parseFlowCollection"] as const;

/**
 * What is wrong with a document. Go's library lets a comment begin right behind a quote, and takes the escape `\'`; so does
 * this. What it refuses besides: see refused-yaml.ts.
 */
export function faultsOf(document: Document.Parsed): readonly YAMLError[] {
  return document.errors.filter(
    ({ message }) => !message.startsWith("Comments must be separated") && !message.endsWith("sequence \\'"),
  );
}

/** What every alias of a document stands for; undefined for one whose anchor isn't there, or that stands within it. */
export type Aliases = ReadonlyMap<Alias, ParsedNode | undefined>;

const aliasesOf = new WeakMap<Document.Parsed, Aliases>();

/** Looks each alias up once: the library goes through the whole document for every one. */
export function aliases(document: Document.Parsed): Aliases {
  const known = aliasesOf.get(document);
  if (known) return known;
  const anchors = new Map<string, ParsedNode>();
  const found = new Map<Alias, ParsedNode | undefined>();
  const open: { node: ParsedNode; end: number }[] = [];
  visit(document, {
    Node(_key, node) {
      const start = node.range?.[0] ?? 0;
      while (open.length > 0 && open.at(-1)!.end <= start) open.pop();
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        found.set(node, open.some((each) => each.node === target) ? undefined : target);
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node as ParsedNode);
        if (!isScalar(node)) open.push({ node: node as ParsedNode, end: node.range![1] });
      }
    },
  });
  aliasesOf.set(document, found);
  return found;
}

/** A node, or what it stands for if it is an alias; undefined for none, and for an alias of nothing. */
export function resolved(document: Document.Parsed, node: Node | null | undefined): ParsedNode | undefined {
  if (!isAlias(node)) return (node as ParsedNode | null) ?? undefined;
  const target = aliases(document).get(node);
  return isAlias(target) ? undefined : target;
}

/** One key of a mapping with its value, aliases and merge keys resolved. */
export interface Entry {
  key: string;
  keyNode: Scalar.Parsed;
  value: ParsedNode | undefined;
  /** Whether it came in by a merge key, `<<: *defaults`. */
  merged: boolean;
}

/** The entries of a mapping, each key once: the first one wins, its own before what is merged in. Keys that aren't texts are left out. */
export function entriesOf(document: Document.Parsed, mapping: Mapping): readonly Entry[] {
  let found = entriesIn.get(mapping);
  if (!found) {
    found = simpleEntries(mapping);
    if (!found) {
      const entries = new Map<string, Entry>();
      collect(document, mapping, false, entries, new Set());
      found = [...entries.values()];
    }
    entriesIn.set(mapping, found);
  }
  return found;
}

/** The entry of a key. */
export function entryOf(entries: readonly Entry[], key: string): Entry | undefined {
  // Asked for every key of every rule: an iterator would make an object at each step.
  for (let at = 0; at < entries.length; at++) if (entries[at]!.key === key) return entries[at];
  return undefined;
}

/** Those of a mapping with few keys, each once, without aliases and merge keys: that is nearly all. */
function simpleEntries({ items }: Mapping): Entry[] | undefined {
  if (items.length > 20) return undefined;
  const entries: Entry[] = [];
  for (const { key: keyNode, value } of items) {
    if (!isScalar(keyNode) || isMergeKey(keyNode) || isAlias(value)) return undefined;
    const key = String(keyNode.value);
    if (entryOf(entries, key)) return undefined;
    entries.push({ key, keyNode, value: value ?? undefined, merged: false });
  }
  return entries;
}

/** Half a dozen checks ask for the same ones. */
const entriesIn = new WeakMap<Mapping, readonly Entry[]>();

function collect(
  document: Document.Parsed,
  mapping: Mapping,
  merged: boolean,
  entries: Map<string, Entry>,
  seen: Set<Mapping>,
): void {
  if (seen.has(mapping)) return;
  seen.add(mapping);
  const merges: (ParsedNode | undefined)[] = [];
  for (const pair of mapping.items) {
    const keyNode = resolved(document, pair.key);
    const value = resolved(document, pair.value);
    if (!isScalar(keyNode)) continue;
    if (isMergeKey(keyNode)) merges.push(value);
    else {
      const key = String(keyNode.value);
      if (!entries.has(key)) entries.set(key, { key, keyNode, value, merged });
    }
  }
  for (const value of merges) {
    const sources = isSeq(value)
      ? value.items.map((each) => resolved(document, each as ParsedNode))
      : [value];
    for (const source of sources)
      if (isMap(source)) collect(document, source as Mapping, true, entries, seen);
  }
}

/** Whether a key is YAML 1.1's merge key: a plain `<<`. */
export function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/** Whether a scalar says that there is nothing: empty, `~` or `null`, unquoted. */
export function isNull(node: ParsedNode | undefined): boolean {
  return (
    node === undefined ||
    (isScalar(node) &&
      (node.type === "PLAIN" || node.type === undefined) &&
      node.tag === undefined &&
      nulls.has(node.value))
  );
}

const nulls: ReadonlySet<unknown> = new Set([null, "", "~", "null", "Null", "NULL"]);

const styles: Record<string, ScalarStyle> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

/** A scalar's text with its places; undefined for other nodes. What says nothing (`~`) is the empty text. */
export function locatedText(
  node: ParsedNode | undefined,
  text: string,
  positionAt: (offset: number) => Position,
): Located<string> | undefined {
  if (!isScalar(node)) return undefined;
  const value = isNull(node) ? "" : String(node.value);
  return new LocatedText(value, spanOf(node), styles[node.type ?? "PLAIN"] ?? "plain", text, positionAt);
}

class LocatedText implements Located<string> {
  private offsets: Int32Array | undefined | "unknown" = "unknown";

  constructor(
    readonly value: string,
    readonly span: Span,
    private readonly style: ScalarStyle,
    private readonly text: string,
    private readonly positionAt: (offset: number) => Position,
  ) {}

  positionOf(offset: number): Position {
    const { value, span, style, text, positionAt } = this;
    if (this.offsets === "unknown")
      this.offsets = scalarOffsets(text.slice(span.start, span.end), style, value);
    if (!this.offsets) return positionAt(span.start);
    return positionAt(span.start + this.offsets[Math.max(0, Math.min(offset, value.length))]!);
  }
}

/** Where a node stands; the library's ranges are there for every node that was read. */
export function spanOf(node: { range?: Range | null }): Span {
  // Asked for every text: taking an array apart by a pattern goes by way of an iterator.
  const range = node.range!;
  return { start: range[0], end: range[1] };
}

/** Where the content of a node ends: the ranges of collections go on over the comments behind them. */
export function contentEnd(node: ParsedNode | null | undefined): number {
  if (!node) return 0;
  if (isMap(node) || isSeq(node)) {
    if (node.flow) return node.range[1];
    const last: unknown = node.items.at(-1);
    if (isPair(last)) {
      const { key, value } = last as { key: ParsedNode; value: ParsedNode | null };
      return Math.max(contentEnd(key), contentEnd(value));
    }
    return last ? contentEnd(last as ParsedNode) : node.range[1];
  }
  return node.range[1];
}
