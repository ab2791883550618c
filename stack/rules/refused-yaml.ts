import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  type Range,
  type Scalar,
  visit,
} from "yaml";
import type { Span } from "./model.js";
import { isMergeKey, resolved } from "./yaml.js";

/** Something that Go's YAML library, which Prometheus and Loki use, refuses though it is YAML by the specification. */
export interface Refusal {
  /** Where it begins. */
  at: number;
  what: string;
  next: string;
}

/**
 * What Go's library refuses in documents that ours reads without faults, by place. `text` is what was parsed. The places
 * that it is stricter in are those of YAML 1.1 (https://yaml.org/spec/1.1/) and of its own making.
 */
export function refusedYaml(documents: readonly Document.Parsed[], text: string): Refusal[] {
  const found: Refusal[] = [];
  const scalars: { node: Scalar; span: Span }[] = [];
  const flows: Span[] = [];
  for (const document of documents) {
    visit(document, (role, node, path) => {
      if (isPair(node) && isMergeKey(node.key as Node) && !isMergeable(document, node.value as ParsedNode))
        found.push({
          at: (node.key as Scalar.Parsed).range[0],
          what: "what is merged with << is neither a mapping nor a list of mappings",
          next: "Name the anchor of a mapping: `<<: *name`.",
        });
      if (!isNode(node) || !node.range) return;
      const span = { start: node.range[0], end: node.range[1] };
      // Nodes come in order: only the last one can be around this.
      const flow = flows.at(-1);
      const inFlow = flow !== undefined && span.end <= flow.end;
      const name = isAlias(node) ? node.source : "anchor" in node ? node.anchor : undefined;
      if (name !== undefined && /[^\w-]/.test(name))
        found.push({
          at: isAlias(node) ? span.start : Math.max(0, text.lastIndexOf(`&${name}`, span.start)),
          what: `the name of the anchor "${name}" has other characters than letters, digits, _ and -`,
          next: "Give the anchor a plain name.",
        });
      if ((isMap(node) || isSeq(node)) && node.flow && !inFlow) flows.push(span);
      if (!isScalar(node)) return;
      scalars.push({ node, span });
      const source = text.slice(span.start, span.end);
      if (inFlow && role === "key" && isBroken(span, path.at(-1), text))
        found.push({
          at: span.start,
          what: "between brackets, a key and its colon must stand on one line",
          next: "Join the lines.",
        });
      if (inFlow && node.type === "PLAIN") found.push(...plainInFlow(source, span, text));
      if (node.type === "QUOTE_SINGLE" && !source.slice(1).replaceAll("''", "").endsWith("'"))
        found.push({ at: span.start, what: "a quote isn't closed", next: "Close it with '." });
      const slash =
        node.type === "QUOTE_DOUBLE"
          ? [...source.matchAll(/\\./gs)].find(([each]) => each === "\\/")
          : undefined;
      if (slash)
        found.push({
          at: span.start + slash.index,
          what: "there is no escape \\/",
          next: "A slash needs no backslash.",
        });
      found.push(...wrongTag(node, span));
    });
  }
  const end = documents.at(-1)?.range[2] ?? 0;
  const more = /^(?:---|\.\.\.)/m.test(text.slice(end));
  if (text.includes("\t")) found.push(...tabs(more ? text.slice(0, end) : text, scalars, flows));
  return found.sort((a, b) => a.at - b.at);
}

function isMergeable(document: Document.Parsed, value: ParsedNode | null): boolean {
  const merged = resolved(document, value);
  if (!isSeq(merged)) return isMap(merged);
  return merged.items.every((each) => isMap(resolved(document, each as ParsedNode)));
}

/** Whether the line ends between a key's beginning and its colon, where no question mark in front of it allows that. */
function isBroken({ start }: Span, pair: unknown, text: string): boolean {
  const value = isPair(pair) ? (pair.value as { range?: Range } | null) : undefined;
  const end = value?.range?.[0];
  if (end === undefined) return false;
  const between = text.slice(start, end);
  const newline = between.indexOf("\n");
  if (newline < 0 || newline > between.lastIndexOf(":")) return false;
  return !/\?\s+$/.test(text.slice(Math.max(0, start - 50), start));
}

/** Between brackets a text without quotes can't begin with a colon or hold a question mark. */
function plainInFlow(source: string, { start, end }: Span, text: string): Refusal[] {
  const at = source.startsWith(":") ? 0 : source.indexOf("?", 1);
  const behindColon = at < 0 && source.startsWith("?") && /:\s*$/.test(text.slice(0, start));
  if (at >= 0 || behindColon)
    return [
      {
        at: start + Math.max(0, at),
        what: `between brackets, a text without quotes can't ${at === 0 ? 'begin with ":"' : 'hold a "?"'}`,
        next: "Put the text into quotes.",
      },
    ];
  const tab = source.indexOf("\n\t");
  if (tab >= 0)
    return [{ at: start + tab + 1, what: "a tab stands in front of a line", next: "Indent with spaces." }];
  if (text[end] === ":" && /[[{]/.test(text[end + 1] ?? ""))
    return [{ at: end, what: "between brackets, a blank must stand behind this colon", next: "Add it." }];
  return [];
}

const core = "tag:yaml.org,2002:";

/** What a text must look like to be of a type of YAML's. */
const types: Readonly<Record<string, RegExp>> = {
  null: /^(?:~|null|Null|NULL|)$/,
  bool: /^(?:true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  int: /^[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|[\d_]+)$/i,
  float: /^[-+]?(?:[\d_]+\.?[\d_]*(?:e[-+]?\d+)?|\.[\d_]+(?:e[-+]?\d+)?|\.inf)$|^\.nan$/i,
  binary: /^[A-Za-z\d+/=\s]*$/,
};

/** A text that says to be a number and is none. */
function wrongTag(node: Scalar, { start }: Span): Refusal[] {
  if (!node.tag?.startsWith(core)) return [];
  const type = node.tag.slice(core.length);
  if (!(type in types) || types[type]!.test(String(node.value))) return [];
  return [
    {
      at: start,
      what: `this is tagged !!${type} and isn't one`,
      next: "Leave the tag out.",
    },
  ];
}

/** The first tab in front of something in block style: in a line's indentation, or behind `-`. */
function tabs(
  text: string,
  scalars: readonly { node: Scalar; span: Span }[],
  flows: readonly Span[],
): Refusal[] {
  // All are in the order of the text, and are gone through together.
  let scalar = 0;
  let flow = 0;
  for (const { index, 0: blanks } of text.matchAll(
    /(?<=^|\n)[ ]*\t[ \t]*|(?<=(?:^|\n)[ \t]*(?:[-?] *)*[-?]) *\t[ \t]*/g,
  )) {
    const at = index + blanks.indexOf("\t");
    while (flow < flows.length && flows[flow]!.end <= at) flow++;
    while (scalar < scalars.length && scalars[scalar]!.span.end <= at) scalar++;
    if ((flows[flow]?.start ?? at) < at) continue;
    const around = scalars[scalar];
    if (around && around.span.start < at && !indentsBlock(text, around.node, at)) continue;
    return [{ at, what: "there is a tab where only blanks may stand", next: "Indent with spaces." }];
  }
  return [];
}

/** Whether a tab stands in front of a block's first character, where its indentation is still to be told. */
function indentsBlock(text: string, node: Scalar, at: number): boolean {
  if (node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED") return false;
  const [start] = node.range as Range;
  if (/^[|>][-+]?\d/.test(text.slice(start, start + 3))) return false;
  const blanks = /\s*/y;
  blanks.lastIndex = text.indexOf("\n", start);
  blanks.exec(text);
  return at < blanks.lastIndex;
}
