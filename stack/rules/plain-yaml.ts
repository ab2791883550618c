import { Document, Pair, type ParsedNode, type Range, Scalar, YAMLMap, YAMLSeq } from "yaml";

/*
 * Nearly all rule files are written in a small part of YAML: mappings and lists in block style, texts on one line,
 * mappings of such texts in braces, and block scalars. Reading that part here takes a fifth of the time of the library, which has to be ready for everything
 * and is what checking many rules mostly waits for. The nodes are the library's, with the same values, styles and ranges,
 * but for blocks, which end with their content here and behind the comments below it there; a test holds the two against
 * each other. Whatever is out of the ordinary, faults above all, is left to the library.
 */

/** A document in the plain part of YAML, in which no mapping has a key twice; undefined for any other text. */
export function readPlainYaml(text: string): Document.Parsed | undefined {
  if (text === "" || /[\t\r\ufeff]/.test(text)) return undefined;
  const document = new Document(undefined, { schema: "failsafe" });
  try {
    const contents = new PlainReader(text).document();
    return Object.assign(document, { contents }) as unknown as Document.Parsed;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

/** Keys that can't be anything else: no quotes, no merge keys, no anchors. */
const keyAt = /[A-Za-z_][\w./-]{0,99}:(?=[ \n])/y;
/** A text without quotes that nothing in it makes a mapping, and no comment behind it. */
const plainAt = /[A-Za-z0-9_/.(+$^=~][^\n]*/y;
/** The same between brackets, where less may stand. */
const flowTextAt = /[A-Za-z0-9_/.(+$^=~][^\n,[\]{}:#?"'|>&*!%@`\\]*/y;
/** With escapes alone that both YAML readers and JSON have. */
const doubleAt = /"(?:[^"\\\p{Cc}]|\\["\\nt])*"/uy;
const singleAt = /'(?:[^'\n]|'')*'/y;
const blockHeaderAt = /([|>])(-?)\n/y;
/** What may stand between a value and the end of its line. */
const lineEndAt = /(?: +#[^\n]*| *)\n/y;

/** What a document may begin with. */
const marker = "---\n";

/** Rule files need 8 levels. */
const deepest = 30;

type Block = YAMLMap.Parsed | YAMLSeq.Parsed;

class PlainReader {
  /** Of the line to be read next: how far it is indented (-1 behind the last one), and its first character. */
  private indent = -1;
  private start = 0;
  private depth = 0;

  /** With a line break at its end, whether there is one or not. */
  private readonly text: string;

  constructor(private readonly given: string) {
    this.text = given.endsWith("\n") ? given : `${given}\n`;
  }

  document(): Block {
    this.toContent(0);
    if (this.indent === 0 && this.text.startsWith(marker, this.start))
      this.toContent(this.start + marker.length);
    const contents = this.block();
    if (this.indent !== -1) throw new NotPlain();
    return contents;
  }

  /** Goes to the next line, from the beginning of one, that is neither empty nor a comment. */
  private toContent(lineStart: number): void {
    const { text } = this;
    for (let line = lineStart; line < text.length; ) {
      let at = line;
      while (text[at] === " ") at++;
      if (text[at] !== "\n" && text[at] !== "#") {
        this.indent = at - line;
        this.start = at;
        return;
      }
      line = text.indexOf("\n", at) + 1;
    }
    this.indent = -1;
    this.start = text.length;
  }

  private block(): Block {
    return this.atDash() ? this.list(false) : this.mapping();
  }

  private atDash(): boolean {
    return this.text[this.start] === "-" && this.text[this.start + 1] === " ";
  }

  private mapping(): YAMLMap.Parsed {
    if (this.indent < 0 || ++this.depth > deepest) throw new NotPlain();
    const { start, indent } = this;
    const items: Pair<ParsedNode, ParsedNode>[] = [];
    do {
      const key = this.match(keyAt, this.start);
      const keyEnd = this.start + key.length - 1;
      const keyNode = this.newKey(key.slice(0, -1), this.start, items);
      items.push(pair(keyNode, this.value(keyEnd + 1, indent)));
    } while (this.isNext(indent));
    this.depth--;
    const end = items.at(-1)!.value!.range[2];
    return new PlainMap(items, [start, end, end]) as unknown as YAMLMap.Parsed;
  }

  /** The node of a key that isn't among those before it. */
  private newKey(name: string, start: number, before: readonly Pair<ParsedNode>[]): Scalar.Parsed {
    for (let at = 0; at < before.length; at++)
      if ((before[at]!.key as Scalar).value === name) throw new NotPlain();
    return scalar(name, "PLAIN", start, start + name.length);
  }

  /** `{severity: critical, team: "shop"}`, on one line and with texts alone in it. */
  private flowMapping(from: number): YAMLMap.Parsed {
    const { text } = this;
    const items: Pair<ParsedNode, ParsedNode>[] = [];
    let at = from;
    do {
      at = this.afterSpaces(at + 1);
      const key = this.match(keyAt, at);
      const keyNode = this.newKey(key.slice(0, -1), at, items);
      at = this.afterSpaces(at + key.length);
      const value = this.quoted(at) ?? this.flowText(at);
      items.push(pair(keyNode, value));
      at = this.afterSpaces(value.range[1]);
    } while (text[at] === ",");
    if (text[at] !== "}") throw new NotPlain();
    return new PlainMap(items, [from, at + 1, at + 1], true) as unknown as YAMLMap.Parsed;
  }

  private flowText(at: number): Scalar.Parsed {
    const value = this.match(flowTextAt, at).trimEnd();
    return scalar(value, "PLAIN", at, at + value.length);
  }

  /** A text in quotes; undefined where there are none. */
  private quoted(at: number): Scalar.Parsed | undefined {
    const quote = this.text[at];
    if (quote === '"') {
      const written = this.match(doubleAt, at);
      const value = written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
      return scalar(value, "QUOTE_DOUBLE", at, at + written.length);
    }
    if (quote !== "'") return undefined;
    const written = this.match(singleAt, at);
    const value = written.slice(1, -1).replaceAll("''", "'");
    return scalar(value, "QUOTE_SINGLE", at, at + written.length);
  }

  /** `besideKey`: the list stands as far left as the key it belongs to, so that the next key ends it. */
  private list(besideKey: boolean): YAMLSeq.Parsed {
    const { start, indent } = this;
    const items: ParsedNode[] = [];
    do {
      if (!this.atDash()) {
        if (besideKey) break;
        throw new NotPlain();
      }
      const dash = this.start;
      this.start = this.afterSpaces(dash + 1);
      this.indent = indent + this.start - dash;
      items.push(this.mapping());
    } while (this.isNext(indent));
    const end = items.at(-1)!.range[2];
    return new PlainList(items, [start, end, end]) as unknown as YAMLSeq.Parsed;
  }

  /** Whether the next line goes on with the block at an indentation. */
  private isNext(indent: number): boolean {
    if (this.indent > indent) throw new NotPlain();
    return this.indent === indent;
  }

  /** The value of a key, from behind its colon; `indent` is that of the mapping. */
  private value(from: number, indent: number): ParsedNode {
    const { text } = this;
    const at = this.afterSpaces(from);
    switch (text[at]) {
      case "\n":
        this.toContent(at + 1);
        if (this.indent > indent) return this.block();
        if (this.indent === indent && this.atDash()) return this.list(true);
        throw new NotPlain();
      case "|":
      case ">":
        return this.blockScalar(at, indent);
      case '"':
      case "'":
        return this.lineOf(this.quoted(at)!);
      case "{":
        return this.lineOf(this.flowMapping(at));
      default: {
        const line = this.match(plainAt, at);
        const comment = line.indexOf(" #");
        const written = comment < 0 ? line : line.slice(0, comment);
        const value = written.endsWith(" ") ? written.replace(/ +$/, "") : written;
        if (value.includes(": ") || value.endsWith(":")) throw new NotPlain();
        return this.lineOf(scalar(value, "PLAIN", at, at + value.length));
      }
    }
  }

  /** Goes on behind the line that a value ends on. A text over several lines shows in the next one's indentation. */
  private lineOf<T extends Scalar.Parsed | YAMLMap.Parsed>(node: T): T {
    const end = node.range[1];
    const next = end + this.match(lineEndAt, end).length;
    node.range[2] = Math.min(next, this.given.length);
    this.toContent(next);
    return node;
  }

  /** A block scalar with neither empty lines at its beginning nor, if it is folded, anything but plain lines. */
  private blockScalar(from: number, outer: number): Scalar.Parsed {
    const { text } = this;
    const header = this.match(blockHeaderAt, from);
    const folded = header[0] === ">";
    const body = from + header.length;
    const indent = this.afterSpaces(body) - body;
    if (indent <= outer || text[body + indent] === "\n") throw new NotPlain();
    const lines: string[] = [];
    let end = body;
    let empty = 0;
    for (let line = body; line < text.length; ) {
      const at = this.afterSpaces(line);
      const newline = text.indexOf("\n", at);
      if (at === newline) {
        // Blanks in it may belong to the text.
        if (at - line > indent) throw new NotPlain();
        empty++;
      } else {
        if (at - line <= outer) break;
        if (at - line < indent || (folded && (empty > 0 || at - line > indent))) throw new NotPlain();
        for (; empty > 0; empty--) lines.push("");
        lines.push(text.slice(line + indent, newline));
        end = newline + 1;
      }
      line = newline + 1;
    }
    // What a block ends with depends on whether its last line does.
    if (end > this.given.length) throw new NotPlain();
    const value = lines.join(folded ? " " : "\n") + (header[1] === "-" ? "" : "\n");
    this.toContent(end);
    return scalar(value, folded ? "BLOCK_FOLDED" : "BLOCK_LITERAL", from, end);
  }

  private afterSpaces(from: number): number {
    let at = from;
    while (this.text[at] === " ") at++;
    return at;
  }

  /** What an expression matches at a place, or out. */
  private match(expression: RegExp, at: number): string {
    expression.lastIndex = at;
    if (!expression.test(this.text)) throw new NotPlain();
    return this.text.slice(at, expression.lastIndex);
  }
}

function scalar(value: string, type: Scalar.Type, start: number, end: number): Scalar.Parsed {
  return new PlainScalar(value, type, [start, end, end]) as unknown as Scalar.Parsed;
}

function pair(key: Scalar.Parsed, value: ParsedNode): Pair<ParsedNode, ParsedNode> {
  return new PlainPair(key, value) as unknown as Pair<ParsedNode, ParsedNode>;
}

// The library's constructors mark every node for itself, which takes longer than reading it; here its prototype is marked.

class PlainScalar {
  readonly source: string;
  constructor(
    readonly value: string,
    readonly type: Scalar.Type,
    readonly range: Range,
  ) {
    this.source = value;
  }
}
Object.setPrototypeOf(PlainScalar.prototype, new Scalar(""));

class PlainPair {
  constructor(
    readonly key: ParsedNode,
    readonly value: ParsedNode,
  ) {}
}
Object.setPrototypeOf(PlainPair.prototype, new Pair(null));

class PlainMap {
  constructor(
    readonly items: Pair<ParsedNode, ParsedNode>[],
    readonly range: Range,
    readonly flow?: true,
  ) {}
}
Object.setPrototypeOf(PlainMap.prototype, new YAMLMap());

class PlainList {
  constructor(
    readonly items: ParsedNode[],
    readonly range: Range,
  ) {}
}
Object.setPrototypeOf(PlainList.prototype, new YAMLSeq());
