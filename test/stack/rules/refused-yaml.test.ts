import { readRuleFile } from "../../../stack/rules/read.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const source = (text: string) => ({ path: "rules.yml", absolutePath: "/nowhere/rules.yml", text });

function errorsIn(text: string): string[] {
  return validateRules({ sources: [source(text)], root: "/nowhere" })
    .problems.filter(({ severity }) => severity === "error")
    .map(({ id, place }) => `${id} ${place?.line}:${place?.column}`);
}

const withLabels = (labels: string) =>
  `groups:\n  - name: a\n    rules:\n      - { record: a, expr: up, labels: ${labels} }\n`;
const withExpr = (expr: string) =>
  `groups:\n  - name: a\n    rules:\n      - record: a\n        expr: ${expr}\n`;

test.each([
  ["a text that begins with a colon between brackets", withLabels("{a: :b}"), "4:44"],
  ["a text with a question mark between brackets", withLabels("{a: X?}"), "4:45"],
  ["a text that begins with a question mark between brackets", withLabels("{a: ?x}"), "4:44"],
  ["no blank behind a colon between brackets", withLabels("{a:[b]}"), "4:42"],
  ["a key over two lines between brackets", withLabels("{a\n  : b}"), "4:41"],
  ["a name of an anchor with a dot", withExpr("&a.b up"), "5:15"],
  ["a quote that isn't closed", withExpr("'up''").trimEnd(), "5:15"],
  ["an escaped slash", withExpr('"up / \\/ up"'), "5:21"],
  ["a tab behind a dash", "groups:\n  -\tname: a\n", "2:4"],
  ["a line of tabs behind the last text", `${withExpr("up")}\t\n`, "6:1"],
  ["a tab that a block begins with", withExpr("|\n          \tup"), "6:11"],
  ["a text that is tagged as a number", withExpr("!!int up"), "5:21"],
  ["a list of texts that is merged", withExpr("up\n        labels:\n          <<: [a, b]"), "7:11"],
])("%s is refused, as by promtool", (_what, text, place) => {
  expect(errorsIn(text)).toContain(`rule-file-syntax ${place}`);
});

test.each([
  ["a text in quotes that goes on further left", withExpr('"up\n  + 1"'), "up + 1"],
  ["brackets that go on at the beginning of the line", withLabels("{a: b,\nc: d}"), "up"],
  ["question marks in quotes and outside brackets", withExpr('up{a="X?"}'), 'up{a="X?"}'],
  ["a comment with a tab in it and a tab in front of one", withExpr("up\t#\tc"), "up"],
])("%s is taken, as by promtool", (_what, text, expr) => {
  expect(errorsIn(text)).toEqual([]);
  expect(readRuleFile(source(text)).groups[0]?.rules[0]?.expr.value).toBe(expr);
});
