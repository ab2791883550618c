import type { Document, ParsedNode, Scalar, YAMLMap } from "yaml";

/** The language of a group's expressions. */
export type RuleLanguage = "promql" | "logql";

/** A stretch of a file's text: UTF-16 offsets, `end` is the first one behind it. */
export interface Span {
  start: number;
  end: number;
}

/** A place in a file as people count: line and column from 1, columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** A value together with where it stands in the file. */
export interface Located<T> {
  value: T;
  /** The whole value as written, quotes or block header included. Behind an alias: the text that was anchored. */
  span: Span;
  /**
   * Where a character of the value stands in the file, after unescaping and folding; `offset` counts the UTF-16 units of
   * the value. The value's length gives the place behind its last character. For values that aren't texts, and for
   * offsets outside, the nearest end of the value.
   */
  positionOf(offset: number): Position;
}

/**
 * Which program a file is for. `typed`: rendered from a pack in TypeScript (its places are those of the rendered text; see atPackSources).
 * `kubernetes`: documents with kind PrometheusRule.
 */
export type RuleFileKind = "prometheus" | "loki" | "kubernetes" | "typed";

/** A file with rules, read as far as it can be read: whatever is wrong with its shape is left out here, and found by checks. */
export interface RuleFile {
  /** As the user knows it: relative to the project or the working directory where it lies inside, else absolute. */
  path: string;
  /** Absolute. */
  absolutePath: string;
  text: string;
  kind: RuleFileKind;
  /** Every group of every document, in order. */
  groups: RuleGroup[];
  disables: Disable[];
  /** The documents as the YAML library sees them. Scalars are texts, whatever they look like. */
  documents: readonly Document.Parsed[];
  /** What the documents are made of, in order, for checks of the shape. */
  parts: readonly Part[];
  /** Why the file could not be taken apart at all (nested too deeply, say); there are no documents then. */
  unparsed?: string;
  /** Place of an offset of `text`. */
  positionAt(offset: number): Position;
}

/** A group of rules. Its parts are undefined where missing or of a wrong shape. */
export interface RuleGroup {
  file: RuleFile;
  document: Document.Parsed;
  /** Position among the groups of its document, from 0. */
  index: number;
  name?: Located<string>;
  interval?: Located<string>;
  queryOffset?: Located<string>;
  limit?: Located<string>;
  labels: ReadonlyMap<string, Located<string>>;
  rules: Rule[];
  span: Span;
  language: RuleLanguage;
  node: YAMLMap<ParsedNode, ParsedNode | null>;
}

/** A rule that has a name and an expression; others are left to the checks of the shape. */
export interface Rule {
  kind: "alert" | "record";
  name: Located<string>;
  expr: Located<string>;
  for?: Located<string>;
  keepFiringFor?: Located<string>;
  /** Its own; what the group adds is in `group.labels`, see `labelsOf`. */
  labels: ReadonlyMap<string, Located<string>>;
  annotations: ReadonlyMap<string, Located<string>>;
  /** From its first key to the end of its last value. */
  span: Span;
  group: RuleGroup;
  /** Position among all entries of `rules`, from 0. */
  index: number;
  node: YAMLMap<ParsedNode, ParsedNode | null>;
}

/** A comment that silences a check: `# obs:disable <check> <reason>`. */
export interface Disable {
  /** Id of the check as written. */
  check: string;
  /** Empty where none is given. */
  reason: string;
  /** The comment from its `#` on. */
  span: Span;
  /** Findings on these lines (from 1, both included) are silenced. */
  lines: { first: number; last: number };
  /** What it is about: the rule or group it stands above or in, or, with `obs:disable-file`, the file. Undefined: nothing. */
  about: "rule" | "group" | "file" | undefined;
}

/** What a part of a rule file should be, by where it stands. */
export type PartRole =
  /** The top of a document: a mapping with `groups`. In Kubernetes documents: the mapping below `spec`. */
  | "file"
  | "groups"
  | "group"
  | "rules"
  | "rule"
  /** A mapping of names to texts: labels, annotations. */
  | "labels"
  | "annotations"
  | "text"
  | "duration"
  | "number";

/** A piece of a document, whatever was found there. */
export interface Part {
  role: PartRole;
  document: Document.Parsed;
  /** What stands there, aliases resolved; undefined where nothing does. */
  node: ParsedNode | undefined;
  /** The key it stands under, if any. */
  key?: Scalar.Parsed;
  /** What its mapping is part of: the role of the mapping that holds the key or of the list that holds the entry. */
  within?: PartRole;
}

/** Every rule of some files, in order; put together once. */
export function rulesOf(files: readonly RuleFile[]): readonly Rule[] {
  let rules = rulesIn.get(files);
  if (!rules) {
    rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    rulesIn.set(files, rules);
  }
  return rules;
}

const rulesIn = new WeakMap<readonly RuleFile[], readonly Rule[]>();

/** The labels a rule ends up with: those of its group, and its own, which win. */
export function labelsOf(rule: Rule): ReadonlyMap<string, Located<string>> {
  return rule.group.labels.size === 0 ? rule.labels : new Map([...rule.group.labels, ...rule.labels]);
}
