import { stripVTControlCharacters } from "node:util";
import { problemReport } from "../../../cli/reporters/json.js";
import { sourceExcerpt } from "../../../cli/reporters/source-excerpt.js";
import { formatProblems, summaryOf } from "../../../cli/reporters/text.js";
import type { Problem } from "../../../stack/validate/problem.js";

const problem: Problem = { id: "some-check", severity: "error", what: "Something is wrong." };
const plain = { color: false, readFile: () => undefined };

test("errors come first, and nothing is printed where nothing was found", () => {
  const text = formatProblems(
    [
      { ...problem, severity: "warning", what: "Maybe." },
      { ...problem, what: "Surely." },
    ],
    plain,
  );
  expect(text).toBe("error [some-check]\n  Surely.\n\nwarning [some-check]\n  Maybe.\n");
  expect(formatProblems([], plain)).toBe("");
});

test("a place in a file shows the line before, the line, and a caret under the column", () => {
  const text = formatProblems([{ ...problem, place: { file: "a.yml", line: 10, column: 4 } }], {
    ...plain,
    readFile: () => `${"\n".repeat(8)}before:\n\tb: c\n`,
  });
  // A tab counts as one column and is shown as two.
  expect(text.split("\n").slice(2, 5)).toEqual(["     9 │ before:", "    10 │   b: c", "       │     ^"]);
});

test("a line that is wider than the terminal is cut around the column", () => {
  const line = `${"a".repeat(200)}HERE${"b".repeat(200)}`;
  const text = formatProblems([{ ...problem, place: { file: "a.yml", line: 1, column: 201 } }], {
    ...plain,
    width: 60,
    readFile: () => line,
  });
  const [source = "", caret = ""] = text.split("\n").slice(2);
  expect(source.length).toBeLessThanOrEqual(60);
  expect(source.slice(caret.indexOf("^")).startsWith("HERE")).toBe(true);
});

test("a place that the file no longer has is named without an excerpt", () => {
  const text = formatProblems([{ ...problem, place: { file: "a.yml", line: 7, column: 1 } }], {
    ...plain,
    readFile: () => "only one line",
  });
  expect(text).toBe("error a.yml:7:1 [some-check]\n  Something is wrong.\n");
});

test("text is wrapped to the width, program output is not, and only its first lines are shown", () => {
  const text = formatProblems(
    [
      {
        ...problem,
        why: "word ".repeat(30).trim(),
        output: [...Array.from({ length: 40 }, (_, at) => `line ${at} ${"x".repeat(80)}`)],
      },
    ],
    { ...plain, width: 50 },
  );
  const lines = text.split("\n");
  expect(lines.filter((line) => line.includes("word")).every((line) => line.length <= 50)).toBe(true);
  expect(lines.filter((line) => line.includes("line "))).toHaveLength(30);
  expect(text).toContain("│ … 10 more lines");
});

test("with colour it says the same", () => {
  const problems: Problem[] = [{ ...problem, why: "Because.", next: "Mend it.", output: ["said so"] }];
  const colored = formatProblems(problems, { ...plain, color: true });
  expect(colored).not.toBe(formatProblems(problems, plain));
  expect(stripVTControlCharacters(colored)).toBe(formatProblems(problems, plain));
});

test("the summary counts by severity", () => {
  expect(summaryOf([])).toBeUndefined();
  expect(summaryOf([problem, problem, { ...problem, severity: "notice" }])).toBe("2 errors, 1 notice");
});

test("the report for machines has the same order and no empty keys", () => {
  const report = problemReport([
    { ...problem, severity: "warning", output: [], why: "" },
    { ...problem, next: "Mend it." },
  ]);
  expect(JSON.stringify(report)).toBe(
    '{"problems":[{"id":"some-check","severity":"error","what":"Something is wrong.","next":"Mend it."},' +
      '{"id":"some-check","severity":"warning","what":"Something is wrong."}],"counts":{"error":1,"warning":1,"notice":0}}',
  );
});

test("a caret stands below its character behind ideographs, emoji, accents and tabs", () => {
  const line = "\tä 日本 😀 e\u0301x";
  const rows = sourceExcerpt(line, 1, line.indexOf("x") + 1, 80);
  expect(rows.map(({ text }) => text)).toEqual(["  ä 日本 😀 e\u0301x", `${" ".repeat(2 + 2 + 5 + 3 + 1)}^`]);
});

test("what would steer the terminal is shown as a sign", () => {
  const [row] = sourceExcerpt("a\u001b[31mb\rc\u202ed", 1, undefined, 80);
  expect(row!.text).toBe("a␛[31mb␍c\ufffdd");
});

test("of a very long line the part around the caret is shown, no wider than the terminal", () => {
  const line = `${"日".repeat(300)}x${"日".repeat(300)}`;
  const [row, caret] = sourceExcerpt(line, 1, 301, 60);
  expect(row!.text).toMatch(/^…日+x日+…$/);
  expect(row!.text.length - row!.text.indexOf("x")).toBeGreaterThan(2);
  expect(caret!.text.length - 1).toBe(1 + 2 * (row!.text.indexOf("x") - 1));
});
