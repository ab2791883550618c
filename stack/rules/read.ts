import { type Document, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import { findDisables } from "./disables.js";
import { declaredLanguage, kindFor, languageOf } from "./language.js";
import { lineIndex } from "./line-index.js";
import type { Located, Part, PartRole, Rule, RuleFile, RuleGroup } from "./model.js";
import {
  contentEnd,
  type Entry,
  entriesOf,
  entryOf,
  faultsOf,
  isNull,
  locatedText,
  type Mapping,
  parseYaml,
  resolved,
  withPlainBreaks,
} from "./yaml.js";

/**
 * More rules than this in one file, and they can only come from aliases of aliases: one line could stand for millions.
 * The largest file that people keep by hand or generate has some hundred.
 */
const mostRules = 100_000;

/** A rule file's text to be read, and what it is called. */
export interface RuleSource {
  /** As the user knows it. */
  path: string;
  absolutePath: string;
  text: string;
  /** Whether the text was rendered from a typed pack. */
  typed?: boolean;
}

/** Reads a rule file as far as it can be read. Never throws; what is wrong is left for the checks to say. */
export function readRuleFile({ path, absolutePath, text, typed = false }: RuleSource): RuleFile {
  const plain = withPlainBreaks(text);
  const parsed = parseYaml(plain);
  const positionAt = lineIndex(text);
  const file: RuleFile = {
    path,
    absolutePath,
    text,
    kind: "prometheus",
    groups: [],
    disables: [],
    documents: parsed.documents,
    parts: [],
    positionAt,
  };
  if ("unparsed" in parsed) file.unparsed = parsed.unparsed;
  const declared = declaredLanguage(text);
  const reader = new Reader(file, plain);
  const kubernetes = parsed.documents.some((document) => isPrometheusRule(document, document.contents));
  try {
    // What is read from a broken document misleads: the one fault is enough.
    const sound = parsed.documents.filter((document) => faultsOf(document).length === 0);
    const [first] = parsed.documents;
    if (kubernetes) {
      for (const document of sound) reader.kubernetes(document, document.contents);
    } else if (first && sound[0] === first) {
      // Prometheus reads the first document and no other.
      reader.top(first, first.contents ?? undefined);
    }
  } catch (error) {
    if (!(error instanceof TooManyRules)) throw error;
    file.unparsed = `its aliases multiply to more than ${mostRules.toLocaleString("en")} rules`;
    file.groups = [];
    reader.parts.length = 0;
  }
  file.parts = reader.parts;
  // One program loads all of a file; Kubernetes' groups go to whom their document says.
  for (const groups of kubernetes ? file.groups.map((group) => [group]) : [file.groups]) {
    const exprs = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr.value));
    const language = declared ?? languageOf(exprs, path);
    for (const group of groups) group.language = language;
  }
  file.kind = typed
    ? "typed"
    : kubernetes
      ? "kubernetes"
      : kindFor(
          file.groups.map(({ language }) => language),
          declared,
        );
  file.disables = findDisables(file);
  return file;
}

class TooManyRules extends Error {}

/** Whether a node is a PrometheusRule, or a list of Kubernetes objects with one in it. */
function isPrometheusRule(document: Document.Parsed, node: ParsedNode | null | undefined): boolean {
  if (!isMap(node)) return false;
  const kind = kindOf(node);
  if (kind === "PrometheusRule") return true;
  return (
    (kind === "List" || kind === "PrometheusRuleList") &&
    itemsOf(document, node).some((each) => isPrometheusRule(document, each))
  );
}

function kindOf(node: YAMLMap): unknown {
  return node.get("kind");
}

function itemsOf(document: Document.Parsed, list: ParsedNode): ParsedNode[] {
  const items = isMap(list)
    ? resolved(document, list.get("items", true) as ParsedNode | undefined)
    : undefined;
  return isSeq(items) ? items.items.flatMap((each) => resolved(document, each as ParsedNode) ?? []) : [];
}

/** Goes through the documents of one file, and notes parts and groups on the way. */
class Reader {
  readonly parts: Part[] = [];
  private rules = 0;

  constructor(
    private readonly file: RuleFile,
    /** Its text as it was parsed. */
    private readonly plain: string,
  ) {}

  /** The rules in a Kubernetes document; other kinds of documents are none of ours. */
  kubernetes(document: Document.Parsed, node: ParsedNode | null | undefined): void {
    if (!isMap(node) || !isPrometheusRule(document, node)) return;
    if (kindOf(node) !== "PrometheusRule") {
      for (const item of itemsOf(document, node)) this.kubernetes(document, item);
      return;
    }
    const spec = entriesOf(document, node as Mapping).find(({ key }) => key === "spec");
    if (spec) this.top(document, spec.value, spec.keyNode);
    else this.top(document, undefined);
  }

  top(document: Document.Parsed, node: ParsedNode | undefined, key?: Scalar.Parsed): void {
    const entries = this.mapping(document, "file", node, key);
    const groups = entries && entryOf(entries, "groups");
    if (!groups) return;
    for (const [index, item] of this.list(document, "groups", groups, "file").entries()) {
      this.group(document, item, index);
    }
  }

  private group(document: Document.Parsed, node: ParsedNode | undefined, index: number): void {
    const entries = this.mapping(document, "group", node, undefined, "groups");
    if (!entries) return;
    const group: RuleGroup = {
      file: this.file,
      document,
      index,
      name: this.text(document, entries, "name", "text", "group"),
      interval: this.text(document, entries, "interval", "duration", "group"),
      queryOffset: this.text(document, entries, "query_offset", "duration", "group"),
      limit: this.text(document, entries, "limit", "number", "group"),
      labels: this.texts(document, entries, "labels", "group"),
      rules: [],
      span: { start: node!.range[0], end: contentEnd(node) },
      language: "promql",
      node: node as Mapping,
    };
    const rules = entryOf(entries, "rules");
    const items = rules ? this.list(document, "rules", rules, "group") : [];
    for (const [at, item] of items.entries()) {
      const rule = this.rule(document, group, item, at);
      if (rule) group.rules.push(rule);
    }
    this.file.groups.push(group);
  }

  private rule(
    document: Document.Parsed,
    group: RuleGroup,
    node: ParsedNode | undefined,
    index: number,
  ): Rule | undefined {
    if (++this.rules > mostRules) throw new TooManyRules();
    const entries = this.mapping(document, "rule", node, undefined, "rules");
    if (!entries) return undefined;
    const text = (key: string, role: PartRole = "text") => this.text(document, entries, key, role, "rule");
    const alert = text("alert");
    const record = text("record");
    const rule = {
      expr: text("expr"),
      for: text("for", "duration"),
      keepFiringFor: text("keep_firing_for", "duration"),
      labels: this.texts(document, entries, "labels", "rule"),
      annotations: this.texts(document, entries, "annotations", "rule"),
      span: { start: node!.range[0], end: contentEnd(node) },
      group,
      index,
      node: node as Mapping,
    };
    const { expr } = rule;
    if (!expr?.value) return undefined;
    if (alert?.value && !record?.value) return { kind: "alert", name: alert, ...rule, expr };
    if (record?.value && !alert?.value) return { kind: "record", name: record, ...rule, expr };
    return undefined;
  }

  private note(
    role: PartRole,
    document: Document.Parsed,
    node: ParsedNode | undefined,
    key?: Scalar.Parsed,
    within?: PartRole,
  ): void {
    this.parts.push({ role, document, node, key, within });
  }

  private mapping(
    document: Document.Parsed,
    role: PartRole,
    node: ParsedNode | undefined,
    key?: Scalar.Parsed,
    within?: PartRole,
  ): readonly Entry[] | undefined {
    this.note(role, document, node, key, within);
    return isMap(node) ? entriesOf(document, node as Mapping) : undefined;
  }

  private list(
    document: Document.Parsed,
    role: PartRole,
    { keyNode, value }: Entry,
    within: PartRole,
  ): (ParsedNode | undefined)[] {
    this.note(role, document, value, keyNode, within);
    return isSeq(value) ? value.items.map((item) => resolved(document, item as ParsedNode)) : [];
  }

  private text(
    document: Document.Parsed,
    entries: readonly Entry[],
    key: string,
    role: PartRole,
    within: PartRole,
  ): Located<string> | undefined {
    const entry = entryOf(entries, key);
    if (!entry) return undefined;
    this.note(role, document, entry.value, entry.keyNode, within);
    return isNull(entry.value) ? undefined : this.located(entry.value);
  }

  private texts(
    document: Document.Parsed,
    entries: readonly Entry[],
    key: "labels" | "annotations",
    within: PartRole,
  ): ReadonlyMap<string, Located<string>> {
    const entry = entryOf(entries, key);
    if (!entry) return nothing;
    const inner = this.mapping(document, key, entry.value, entry.keyNode, within);
    if (!inner) return nothing;
    const texts = new Map<string, Located<string>>();
    for (const { key: name, keyNode, value } of inner) {
      this.note("text", document, value, keyNode, key);
      const located = this.located(value);
      if (located) texts.set(name, located);
    }
    return texts;
  }

  private located(node: ParsedNode | undefined): Located<string> | undefined {
    return isScalar(node) ? locatedText(node, this.plain, this.file.positionAt) : undefined;
  }
}

const nothing: ReadonlyMap<string, Located<string>> = new Map();
