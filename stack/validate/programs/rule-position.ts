import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";

interface Position {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** Where a rule (counted from 1, as promtool does) of a group begins in a rule file; undefined where it can't be found. */
export function rulePosition(text: string, group: string, rule: number): Position | undefined {
  return positionOf(text, group, (rules) => rules[rule - 1]);
}

/** Where the expression of a rule begins that is known by its name; undefined where there is not just one. */
export function ruleExpressionPosition(text: string, group: string, name: string): Position | undefined {
  return positionOf(text, group, (rules) => {
    const named = rules.filter((rule) => isMap(rule) && (rule.get("alert") ?? rule.get("record")) === name);
    return named.length === 1 && isMap(named[0]) ? named[0].get("expr", true) : undefined;
  });
}

function positionOf(
  text: string,
  group: string,
  find: (rules: readonly unknown[]) => unknown,
): Position | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const groups = document.get("groups");
  if (!isSeq(groups)) return undefined;
  const rules = groups.items.find((each) => isMap(each) && each.get("name") === group);
  const list = isMap(rules) ? rules.get("rules") : undefined;
  const node = isSeq(list) ? find(list.items) : undefined;
  if (!isNode(node) || !node.range) return undefined;
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

/**
 * A position within a YAML value as a position in the file: in a block (`|`), behind an opening quote, or in plain text.
 * A value folded over several lines loses its line breaks; then the beginning of the value has to do.
 */
export function positionInValue(text: string, value: Position, within: Position): Position {
  const lines = text.split("\n");
  const first = (lines[value.line - 1] ?? "")[value.column - 1];
  if (first === "|") {
    const indent = /^ */.exec(lines[value.line] ?? "")![0].length;
    // The end of the text counts as a line of its own: it is the end of the last one.
    if (within.column === 1 && within.line > 1) {
      const line = value.line + within.line - 1;
      return { line, column: (lines[line - 1]?.length ?? 0) + 1 };
    }
    return { line: value.line + within.line, column: indent + within.column };
  }
  if (within.line > 1 || first === ">") return value;
  return {
    line: value.line,
    column: value.column + within.column - (first === '"' || first === "'" ? 0 : 1),
  };
}
