import { type Random, seededRandom } from "./random.js";

/** Rule files that promtool takes, written with what YAML has, for `yamlMutants` to spoil. */
export const yamlFiles: readonly string[] = [
  `groups:
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
        or b

      or c
    for: 5m
    annotations: {a: "x \\"y\\" \\u00e9", b: plain text, c: ''}
`,
  `# c
groups:
  - name: "a"
    interval: 1m
    limit: 10
    # c
    rules:
      - record: a
        expr: |2-
            sum(x)
              + 1
        labels: {"a": b, 'c': d, e: 1}
      - {alert: C, expr: 'up{a="b"} == 0', for: 1m, labels: {a: b, c: X}}
`,
  `---
groups:
  - name: &name a
    rules: &rules
      - &rule
        alert: A
        expr: up
        labels: &labels
          severity: page
      - <<: *rule
        alert: B
        labels:
          <<: [*labels, {team: a}]
          other: ~
  - name: b
    rules: *rules
...
`,
  `groups: [{name: a, rules: [
  {record: a, expr: "up
    + 1"},
  {record: b, expr: up +
    2, labels: {a: b,}},
  ]}]
`,
  `"groups":
  - "name": 'a b'
    "rules":
      - "alert": !!str A
        "expr": >+

          up

            == 0

          and up

        "keep_firing_for": 1m
        "annotations":
          "summary": |+
            a: b # c
              "{{ $value }}"

          ? text
          : 'multi
            line

            text'
          yes: no
          0x10: 1e3
`,
];

const pieces = [
  ..." \n#:-'\"|>?&*!{}[],%@`=~\\é\t\r\u00a0\u0085\u2028\ufeff\u0007\u007f",
  ..."  | #|: |- |-\t|? |:b|X?|?x|,|: :|{}|[]|''|\"\"|null|~|.inf|0x1F|0o17|1_0|1e3|yes|2001-01-01|5m|&a |&a-b |*a|*name|*rule |!!str |!!int |!!null |!!map |!!binary |!x |!<tag:yaml.org,2002:str> |<<: |<<: *rule|---|--- |...|%YAML 1.1|%YAML 1.2|%TAG ! x|\\u00e9|\\U0001F600|\\ud800|\\x41|\\q|\\/|\\0|\\N|\\e|\\\t|''|{{ $value }}|😀".split(
    "|",
  ),
  "|-\n", "|2\n", "|+\n", "|0\n", "|-2\n", "|2+ # c\n", "|9\n", ">1\n", "|x\n", "|# c\n", "| # c\n", "\\\n", "\n\n", "\n  ", "\n\t", "\r\n", "\n# c\n", "\n          # c\n", "\n---\n", "\n...\n",
]; // biome-ignore format: one list

/** A mutated rule file and what was done to it. */
export interface YamlMutant {
  text: string;
  how: string;
}

/** `count` different mutants of some YAML texts, the same for the same seed; each has one to three small changes. */
export function yamlMutants(texts: readonly string[], count: number, seed: number): YamlMutant[] {
  const random = seededRandom(seed);
  const found = new Map<string, YamlMutant>();
  for (let round = 0; found.size < count && round < count * 50; round++) {
    let text = random.pick(texts);
    const done: string[] = [];
    for (let changes = random.pick([1, 1, 1, 2, 2, 3]); changes > 0; changes--) {
      const [how, change] = random.pick(Object.entries(mutations));
      text = change(text, random);
      done.push(how);
    }
    if (!texts.includes(text)) found.set(text, { text, how: done.join(", ") });
  }
  return [...found.values()];
}

type Mutation = (text: string, random: Random) => string;

function splice(text: string, at: number, removed: number, inserted = ""): string {
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

/** Does something to one line. */
function onLine(change: (lines: string[], at: number, random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split("\n");
    change(lines, random.below(lines.length), random);
    return lines.join("\n");
  };
}

/** Does something at one of the places where a pattern matches; nothing where it does nowhere. */
function where(pattern: RegExp, by: (found: string, random: Random) => string): Mutation {
  return (text, random) => {
    const matches = [...text.matchAll(pattern)];
    if (matches.length === 0) return text;
    const { index, 0: found } = random.pick(matches);
    return splice(text, index, found.length, by(found, random));
  };
}

const mutations: Record<string, Mutation> = {
  "insert a piece": (text, { below, pick }) => splice(text, below(text.length + 1), 0, pick(pieces)),
  "insert a piece between tokens": where(/(?<=\s)(?=\S)|(?<=\S)(?=\s)/g, (_, { pick }) => pick(pieces)),
  "insert a piece where a value begins": where(/(?<=: |- |\[|\{|, )/g, (_, { pick }) => pick(pieces)),
  "put a piece in the place of a value": where(/(?<=: |- )[^\n,{}[\]]+/g, (_, { pick }) => pick(pieces)),
  "drop characters": (text, { below }) => splice(text, below(text.length), 1 + below(3)),
  "drop an indicator": where(/[-:?{}[\],'"|>&*!#]/g, () => ""),
  "drop a line": onLine((lines, at) => lines.splice(at, 1)),
  "repeat a line": onLine((lines, at) => lines.splice(at, 0, lines[at]!)),
  "copy a line elsewhere": onLine((lines, at, { pick }) => lines.splice(at, 0, pick(lines))),
  "swap two lines": onLine((lines, at) => lines.splice(at, 2, lines[at + 1] ?? "", lines[at]!)),
  "indent a line": onLine((lines, at, { pick }) => {
    lines[at] = pick([" ", "  ", "    ", "\t", " \t"]) + lines[at]!;
  }),
  "indent a line less": onLine((lines, at, { below }) => {
    lines[at] = lines[at]!.replace(new RegExp(`^ {1,${1 + below(4)}}`), "");
  }),
  "a tab for blanks": where(/ +/g, () => "\t"),
  "an empty line": onLine((lines, at) => lines.splice(at, 0, "")),
  "a line of blanks": onLine((lines, at, { below }) => lines.splice(at, 0, " ".repeat(1 + below(14)))),
  "other line ends": (text) => text.replaceAll("\n", "\r\n"),
  "old line ends": (text) => text.replaceAll("\n", "\r"),
  "join lines": where(/\n\s*/g, (_, { pick }) => pick([" ", "", ", "])),
  "other quotes": where(/['"]/g, (found) => (found === "'" ? '"' : "'")),
  "quotes around": where(/(?<=: )[^\n'"{}[\]|>]+$/gm, (found, { pick }) => {
    const quote = pick(["'", '"']);
    return quote + found + quote;
  }),
  "no line end at the end": (text) => text.replace(/\n+$/, ""),
  "cut the end": (text, { below }) => text.slice(0, 1 + below(text.length)),
};
