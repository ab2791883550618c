import { didYouMean } from "../suggest.js";
import type { ProgramFinding } from "./program-check.js";
import type { RuleFileNames } from "./promtool-check-config.js";
import { positionInValue, ruleExpressionPosition } from "./rule-position.js";

/** What `lokitool rules check` printed about rule files, as findings in the user's own files: the first fault of each. */
export function lokitoolFindings(lines: readonly string[], names: RuleFileNames): ProgramFinding[] {
  return lines.flatMap((line): ProgramFinding[] => {
    const field = (name: string) =>
      new RegExp(`\\b${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|(\\S+))`).exec(line)?.slice(1).find(Boolean);
    const [file, error] = [field("file"), field("error")];
    const source = file === undefined ? undefined : names.sourceOf(file);
    if (source === undefined || error === undefined) return [];
    return faultsOf(JSON.parse(`"${error}"`) as string, source, names.textOf(source) ?? "");
  });
}

function faultsOf(message: string, source: string, text: string): ProgramFinding[] {
  const inLines = [...message.matchAll(/^\s*line (\d+): (.+)$/gm)];
  if (inLines.length > 0)
    return inLines.map(([, line, words]) => ({
      ...toldOf(words!),
      place: { file: source, line: Number(line), column: 1 + indentOf(text, Number(line)) },
    }));
  const ofRule =
    /^could not parse expression for (?:alert|record) '(.*?)' in group '(.*?)': (?:parse error(?: at line (\d+), col (\d+))?: )?(.*)$/s.exec(
      message,
    );
  if (!ofRule) return [{ ...toldOf(message), place: { file: source, ...lineWith(text, message) } }];
  const [, rule = "", group = "", row, column, words = ""] = ofRule;
  const value = ruleExpressionPosition(text, group, rule);
  // Lines are counted from 0 here where the expression has only one.
  const within = { line: Math.max(1, Number(row ?? 1)), column: Math.max(1, Number(column ?? 1)) };
  return [
    {
      severity: "error",
      what: `Rule "${rule}": could not parse its expression: ${words}.`,
      place: { file: source, ...(value && (row ? positionInValue(text, value, within) : value)) },
    },
  ];
}

function toldOf(words: string): ProgramFinding {
  const unknown = /^field (\S+) not found in type rulefmt\.(\w+)$/.exec(words);
  if (!unknown) return { severity: "error", what: `Loki does not accept this rule file: ${words}.` };
  const meant = didYouMean(unknown[1]!, ["alert", "record", "expr", "for", "labels", "annotations", "rules"]);
  return {
    severity: "error",
    what: `Loki knows no key "${unknown[1]}" here.`,
    ...(meant && { next: `Did you mean "${meant}"?` }),
  };
}

function indentOf(text: string, line: number): number {
  return /^[\s-]*/.exec(text.split("\n")[line - 1] ?? "")![0].length;
}

/** The line of what a message quotes, where there is only one with it. */
function lineWith(text: string, message: string): { line: number; column: number } | undefined {
  const lines = text.split("\n");
  for (const [, words] of message.matchAll(/["'`]([^"'`]{2,})["'`]/g)) {
    const found = lines.flatMap((line, at) => (line.includes(words!) ? [at] : []));
    const [at] = found;
    if (found.length === 1) return { line: at! + 1, column: lines[at!]!.indexOf(words!) + 1 };
  }
  return undefined;
}
