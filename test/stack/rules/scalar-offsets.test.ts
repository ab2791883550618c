import { isScalar, type Scalar } from "yaml";
import { type ScalarStyle, scalarOffsets } from "../../../stack/rules/scalar-offsets.js";
import { parseYaml } from "../../../stack/rules/yaml.js";
import { type Random, seededRandom } from "../../support/random.js";

const styles: Record<string, ScalarStyle> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

/** The scalar under the key `expr` of a rule, as the library reads it; undefined where it finds a fault. */
function exprOf(text: string): { node: Scalar; source: string } | undefined {
  const [document] = parseYaml(text).documents;
  if (!document || document.errors.length > 0) return undefined;
  const node = document.getIn(["rules", 0, "expr"], true);
  if (!isScalar(node) || !node.range) return undefined;
  return { node, source: text.slice(node.range[0], node.range[1]) };
}

/** Whether every unit of a value stands where the offsets say, or in what was folded or escaped there. */
function misplaced(source: string, value: string, offsets: Int32Array, style: ScalarStyle): string[] {
  const wrong: string[] = [];
  let last = -1;
  for (let at = 0; at < value.length; at++) {
    const offset = offsets[at]!;
    const found = source[offset];
    const folded = value[at] === " " && (found === "\n" || found === "\r");
    const escaped = style === "double" && found === "\\";
    const atEnd = offset === source.length && value[at] === "\n";
    const second = escaped && /[\uDC00-\uDFFF]/.test(value[at]!);
    if (found !== value[at] && !folded && !escaped && !atEnd) wrong.push(`${at}: ${JSON.stringify(found)}`);
    if (offset < last || (offset === last && !second)) wrong.push(`${at}: not behind the one before`);
    last = offset;
  }
  if (offsets.length !== value.length + 1) wrong.push("length");
  return wrong;
}

function check(text: string): "read" | "faulty" {
  const found = exprOf(text);
  if (!found) return "faulty";
  const { node, source } = found;
  const style = styles[node.type!]!;
  const value = String(node.value);
  const offsets = scalarOffsets(source, style, value);
  if (!offsets) throw new Error(`not resolved: ${JSON.stringify(text)} to ${JSON.stringify(value)}`);
  const wrong = misplaced(source, value, offsets, style);
  if (wrong.length > 0) throw new Error(`${JSON.stringify(text)}: ${wrong.join(", ")}`);
  return "read";
}

const pieces = [
  "a",
  "rate(x[5m])",
  " ",
  "  ",
  "\t",
  "é",
  "😀",
  "{",
  "=",
  "> 0",
  '\\"',
  "\\n",
  "\\u00e9",
  "\\\\",
  "''",
  "#",
  ": ",
];

function line(random: Random): string {
  return Array.from({ length: random.below(5) }, () => random.pick(pieces)).join("");
}

function lines(random: Random, indent: () => string): string {
  return Array.from({ length: 1 + random.below(5) }, () =>
    random.below(4) === 0 ? random.pick(["", "  ", " ".repeat(10), "\t"]) : indent() + line(random),
  ).join("\n");
}

const writers: Record<string, (random: Random) => string> = {
  plain: (random) => `up${lines(random, () => "      ")}\n    for: 5m\n`,
  single: (random) => `'${lines(random, () => "      ").replaceAll(/'/g, "''")}'\n    for: 5m\n`,
  double: (random) =>
    `"${lines(random, () => " ".repeat(6)).replaceAll(/(?<!\\)"/g, '\\"')}${random.pick(["", "\\\n   b", "\\t\\U0001F600\\x41"])}"\n`,
  literal: (random) => block(random, "|"),
  folded: (random) => block(random, ">"),
};

function block(random: Random, kind: string): string {
  const header = kind + random.pick(["", "-", "+", "2", "2-", "+2", "4+", " # a comment"]);
  const indent = () => " ".repeat(6 + random.pick([0, 0, 0, 1, 4]));
  return `${random.pick(["", "&anchor ", "!!str "])}${header}\n      x${lines(random, indent)}\n${random.pick(["", "\n\n", "   \n", "    for: 5m\n"])}`;
}

describe("every character of a value is found where it stands in the file", () => {
  test.each(Object.keys(writers))("%s scalars", (style) => {
    const random = seededRandom(4);
    let read = 0;
    for (let round = 0; round < 3000; round++) {
      let text = `rules:\n  - alert: A\n    expr: ${writers[style]!(random)}`;
      if (random.below(3) === 0) text = text.replaceAll("\n", "\r\n");
      if (random.below(8) === 0) text = text.trimEnd();
      if (check(text) === "read") read++;
    }
    // Some of what is drawn is no YAML; most is.
    expect(read).toBeGreaterThan(800);
  });

  test("a literal block with an indentation indicator keeps the spaces that belong to it", () => {
    const text = "rules:\n  - expr: |2\n        x\n      y\n";
    const found = exprOf(text)!;
    expect(found.node.value).toBe("  x\ny\n");
    expect([...scalarOffsets(found.source, "literal", "  x\ny\n")!]).toEqual([9, 10, 11, 12, 19, 20, 21]);
  });

  test("a value that does not come of the source has no places", () => {
    expect(scalarOffsets("abc", "plain", "abd")).toBeUndefined();
  });
});
