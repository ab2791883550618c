import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { isMap, isPair, isScalar, isSeq } from "yaml";
import { readPlainYaml } from "../../../stack/rules/plain-yaml.js";
import { contentEnd, faultsOf, parseAnyYaml, withPlainBreaks } from "../../../stack/rules/yaml.js";
import { seeded } from "../../support/mutate-rules.js";

const packed = `groups:
- name: a
  rules:
  - record: a
    expr: >-
      sum(x)
      by (y)
    labels:
      a: 'it''s'

  # c
  - alert: B # c
    expr: |
      a
        b

      c
    for: 5m
`;
const roomy = `# c
groups:
  - name: a
    # c
    rules:
      - record: a
        expr: |-
          sum(x)
        annotations:
          a: "x \\"y\\"" # z
          b: ~
`;

const braced = `# c
---
groups:
  - name: a
    labels: {team: shop}
    rules:
      - alert: B
        expr: 'up == 0'
        labels: { severity: critical, team: "a b", x: 'it''s' , y: a b }  # c
        annotations: {summary: a}
      - alert: C
        expr: up`;

/** What a node holds and where, as far as the checks of rules look at it. */
function shown(node: unknown): unknown {
  if (isPair(node)) return [shown(node.key), shown(node.value)];
  if (isScalar(node)) return [node.value, node.type, node.range?.slice(0, 2), node.tag, node.anchor];
  if (isMap(node) || isSeq(node)) {
    const end = contentEnd(node as Parameters<typeof contentEnd>[0]);
    return [isMap(node), node.range?.[0], end, node.flow, node.anchor, node.items.map(shown)];
  }
  return node;
}

/** Whether a text is in the plain part of YAML; it must be read as the library reads it then. */
function judge(text: string): boolean {
  const plain = readPlainYaml(text);
  if (!plain) return false;
  const { documents } = parseAnyYaml(text);
  const whole = { text, contents: documents.map(({ contents }) => shown(contents)) };
  expect({ text, contents: [shown(plain.contents)] }).toEqual(whole);
  expect(documents.flatMap(faultsOf)).toEqual([]);
  return true;
}

const pieces = [
  ..." \n#:-'\"|>?&*!{}[],%@`=~\\é\t\r\u00a0",
  "  ", " #", ": ", "- ", "|-\n", "|2\n", "|+\n", "\n\n", "&a ", "*a", "!!str ", "---\n", "...\n", "<<: ", "null", "\n  ", "\n# c\n", "\n          # c\n", "😀",
]; // biome-ignore format: one list

/** The text with one to three places changed: characters gone or put in, lines gone, repeated or moved sideways. */
function mutated(text: string, random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  let result = text;
  for (let times = 1 + below(3); times > 0; times--) {
    const lines = result.split("\n");
    const line = below(lines.length);
    const at = below(result.length);
    const kind = below(5);
    if (kind === 0) result = result.slice(0, at) + result.slice(at + 1 + below(3));
    else if (kind === 1) result = result.slice(0, at) + pieces[below(pieces.length)]! + result.slice(at);
    else {
      if (kind === 2) lines.splice(line, 1);
      else if (kind === 3) lines.splice(line, 0, lines[below(lines.length)]!);
      else
        lines[line] = below(2) ? " ".repeat(1 + below(3)) + lines[line]! : lines[line]!.slice(1 + below(2));
      result = lines.join("\n");
    }
  }
  return result;
}

test("Every YAML file of the project that is plain is read as the library reads it", () => {
  const files = globSync(["stack/generated/**/*.yml", "test/{cases,corpus,golden}/**/*.{yml,yaml}"]);
  const plain = files.filter((file) => judge(withPlainBreaks(readFileSync(file, "utf8"))));
  expect(plain.length).toBeGreaterThan(10);
});

test("What people usually write is plain", () => {
  expect([packed, roomy, braced].map(judge)).toEqual([true, true, true]);
});

test.each([
  ["a list in brackets", "groups: []\n"],
  ["nothing in braces", "a: {}\n"],
  ["a block that isn't ended", "a: |\n  b"],
  ["braces in braces", "a: {b: {c: d}}\n"],
  ["braces over two lines", "a: {b: c,\n  d: e}\n"],
  ["a key twice", "a: b\na: c\n"],
  ["a key twice in braces", "a: {b: c, b: d}\n"],
  ["an anchor", "a: &b c\n"],
  ["an alias", "a: *b\n"],
  ["a tag", "a: !!str b\n"],
  ["a merge key", "a:\n  <<: b\n"],
  ["several documents", "a: b\n---\nc: d\n"],
  ["a tab", "a:\tb\n"],
  ["a text over two lines", "a: b\n  c\n"],
  ["a missing value", "a:\nb: c\n"],
  ["a fault", "a: b\n c: d\n"],
  ["nothing", ""],
])("%s is left to the library", (_what, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

test("Changed at random, a text is read as the library reads it, or left to it", () => {
  const random = seeded(20_261_121);
  let plain = 0;
  for (let time = 0; time < 6_000; time++)
    if (judge(mutated([packed, roomy, braced][time % 3]!, random))) plain++;
  expect(plain).toBeGreaterThan(1_000);
});
