import { isAlias, visit, type YAMLError } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, type RuleCheck } from "../check.js";
import type { RuleFile } from "../model.js";
import { refusedYaml } from "../refused-yaml.js";
import { aliases, faultsOf, isPlain, withPlainBreaks } from "../yaml.js";

const id = "rule-file-syntax";

/** What isn't YAML is read by nobody. */
export const ruleFileSyntax: RuleCheck = {
  id,
  severity: "error",
  run: ({ files }) =>
    files.flatMap((file) => {
      const errors = syntaxErrors(file);
      return [
        ...unparsed(file),
        ...controlCharacters(file),
        ...(errors.some(({ severity }) => severity === "error") ? errors : [...errors, ...refusals(file)]),
        ...unknownAliases(file),
      ];
    }),
};

function unparsed(file: RuleFile): Problem[] {
  if (file.unparsed === undefined) return [];
  return [
    {
      id,
      severity: "error",
      what: `This file can't be taken apart: ${file.unparsed}.`,
      next: "Write the rules out.",
      place: { file: file.path },
    },
  ];
}

/** What YAML has no place for, not even in quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function controlCharacters(file: RuleFile): Problem[] {
  const at = file.text.search(control);
  if (at < 0) return [];
  const code = file.text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
  return [
    {
      id,
      severity: "error",
      what: `The control character U+${code} has no place in YAML.`,
      next: "Take it out; in double quotes it can be written as an escape.",
      place: placeAt(file, at),
    },
  ];
}

/** The first fault of each document: what follows is mostly its consequence. */
function syntaxErrors(file: RuleFile): Problem[] {
  return file.documents.flatMap((document, index): Problem[] => {
    const [error] = faultsOf(document);
    if (!error) return [];
    return [
      {
        id,
        severity: severityIn(file, index),
        what: `This is not YAML: ${reason(error)}.`,
        ...next(error, file.text),
        place: placeAt(file, error.pos[0]),
      },
    ];
  });
}

/** Prometheus doesn't even look at further documents. */
function severityIn({ kind }: RuleFile, index: number): Problem["severity"] {
  return index > 0 && kind !== "kubernetes" ? "warning" : "error";
}

/** In the words of whoever writes rules, where the library's are those of YAML's grammar. */
const reasons: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "a line is indented with a tab",
  BLOCK_AS_IMPLICIT_KEY: "a key begins inside a text",
  MULTILINE_IMPLICIT_KEY: "a text over several lines is used as a key, or a line lacks its colon",
  BAD_INDENT: "a line is indented too little",
};

function reason({ code, message }: YAMLError): string {
  const [first = ""] = message.split("\n");
  return reasons[code] ?? (first.charAt(0).toLowerCase() + first.slice(1)).replace(/\.$/, "");
}

function next({ code, pos: [at] }: YAMLError, text: string): Pick<Problem, "next"> {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  if (/:\s+\{\{/.test(line)) return { next: "Put the value into quotes: to YAML, {{ begins a mapping." };
  if (code === "TAB_AS_INDENT") return { next: "Indent with spaces." };
  if (code === "BLOCK_AS_IMPLICIT_KEY")
    return { next: 'Indent the next line less, or put the text into quotes if ": " belongs to it.' };
  if (code === "BAD_SCALAR_START" || code === "UNEXPECTED_TOKEN")
    return { next: 'Put a text with a special character in front or a ": " in it into quotes.' };
  return { next: "Mind the indentation there and in the line before." };
}

function unknownAliases(file: RuleFile): Problem[] {
  if (!file.text.includes("*")) return [];
  return file.documents.flatMap((document, index) => {
    const known = aliases(document);
    if (known.size === 0) return [];
    const found: Problem[] = [];
    visit(document, {
      Alias(_key, node) {
        if (!isAlias(node) || known.get(node)) return;
        found.push({
          id,
          severity: severityIn(file, index),
          what: `There is no anchor "&${node.source}" before this, or it is around it.`,
          next: "An alias stands for what was marked with an anchor further up.",
          place: placeAt(file, node.range![0]),
        });
      },
    });
    return found;
  });
}

/** The first thing that is YAML, but none that Prometheus can read. */
function refusals(file: RuleFile): Problem[] {
  const sound = file.documents.filter((document) => !isPlain(document) && faultsOf(document).length === 0);
  const [first] = refusedYaml(
    file.kind === "kubernetes" ? sound : sound.slice(0, 1),
    withPlainBreaks(file.text),
  );
  if (!first) return [];
  return [
    {
      id,
      severity: "error",
      what: `Prometheus and Loki can't read this YAML: ${first.what}.`,
      next: first.next,
      place: placeAt(file, first.at),
    },
  ];
}
