import { readRuleFile } from "../../../stack/rules/read.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const read = (text: string, path = "rules.yml") =>
  readRuleFile({ path, absolutePath: `/nowhere/${path}`, text });

const errorsOf = (text: string) =>
  validateRules({
    sources: [{ path: "rules.yml", absolutePath: "/nowhere/rules.yml", text }],
    root: "/nowhere",
  }).problems.filter(({ severity }) => severity === "error");

const group = (rules: string) => `groups:\n  - name: a\n    rules:\n${rules}`;

test("anchors, aliases and merge keys are resolved, own keys first", () => {
  const { groups } = read(
    group(
      "      - &down\n        alert: Down\n        expr: up == 0\n        labels: &labels { severity: page }\n" +
        "      - <<: *down\n        alert: Other\n      - alert: Third\n        expr: up\n        labels: *labels\n",
    ),
  );
  const rules = groups[0]!.rules.map(({ name, expr, labels }) => [
    name.value,
    expr.value,
    labels.get("severity")?.value,
    expr.positionOf(0).line,
  ]);
  expect(rules).toEqual([
    ["Down", "up == 0", "page", 6],
    ["Other", "up == 0", "page", 6],
    ["Third", "up", "page", 11],
  ]);
});

test("an anchor that is used within itself, or isn't there, is a finding", () => {
  expect(errorsOf("groups: &a\n  - *a\n")).toMatchObject([{ id: "rule-file-syntax" }]);
  expect(errorsOf("groups: *a\n")).toMatchObject([{ id: "rule-file-syntax" }]);
});

test("aliases that multiply to millions of rules are not followed", () => {
  const ten = (name: string) => `[${Array(10).fill(`*${name}`).join(", ")}]`;
  const rule = "{ record: job:up:sum, expr: up }";
  const hundred = `[${Array(1000).fill("*r").join(", ")}]`;
  const text = `x: &r ${rule}\ny: &g { name: a, rules: ${hundred} }\ngroups: [${Array(200).fill("*g").join(", ")}]\nz: ${ten("g")}\n`;
  expect(read(text).unparsed).toMatch(/100,000 rules/);
});

test.each([
  ["a folder called loki", "loki/a.yml", 'rate({job="x"}[5m])', "logql"],
  ["a name with loki in it", "rules-loki.yml", 'rate({job="x"}[5m])', "logql"],
  ["a metric's name, whatever the folder", "loki/a.yml", 'rate(loki_request_total{job="x"}[5m])', "promql"],
  ["a metric's name alone", "loki/a.yml", "up", "promql"],
  ["a metric's name in an aggregation", "loki/a.yml", "sum by (job) (rate(a:b[5m])) > 1", "promql"],
  ["a line filter", "rules.yml", '{job="x"} |= "error"', "logql"],
  ["a pipe within quotes", "rules.yml", 'up{job=~"a|b"}', "promql"],
  ["nothing in particular", "rules.yml", "up == 0", "promql"],
])("the language is told by %s", (_by, path, expr, language) => {
  const file = read(group(`      - alert: A\n        expr: ${JSON.stringify(expr)}\n`), path);
  expect(file.groups[0]!.language).toBe(language);
});

test("one query in LogQL makes the file Loki's, and what is PromQL in it an error", () => {
  const text = group(
    '      - alert: A\n        expr: up == 0\n      - alert: B\n        expr: \'rate({a="b"} |= "c" [5m]) > 0\'\n',
  );
  expect(read(text)).toMatchObject({ kind: "loki", groups: [{ language: "logql" }] });
  expect(errorsOf(text)).toMatchObject([{ id: "logql-syntax", place: { line: 5 } }]);
});

test("a comment settles the language", () => {
  expect(read(`# obs: logql\n${group("      - alert: A\n        expr: up\n")}`).kind).toBe("loki");
  expect(
    read(`# obs: promql\n${group("      - alert: A\n        expr: up\n")}`, "loki/a.yml").groups[0]!.language,
  ).toBe("promql");
});

test("every PrometheusRule of a file is read, in lists, too; other documents aren't", () => {
  const rule = (name: string) =>
    `kind: PrometheusRule\nspec: { groups: [{ name: ${name}, rules: [{ record: a:b:c, expr: up }] }] }\n`;
  const list = `kind: List\nitems:\n  - ${rule("c").trim().replace("\n", "\n    ")}\n`;
  const file = read(`${rule("a")}---\nkind: Service\nspec: {}\n---\n${rule("b")}---\n${list}`);
  expect(file.kind).toBe("kubernetes");
  expect(file.groups.map(({ name }) => name?.value)).toEqual(["a", "b", "c"]);
});

test("an expression of 100 KB and 100,000 brackets in a row are read without trouble", () => {
  const sum = Array(10_000).fill("rate(x[5m])").join(" + ");
  expect(read(group(`      - record: a:b:c\n        expr: ${sum}\n`)).groups[0]!.rules[0]!.expr.value).toBe(
    sum,
  );
  expect(read(`groups: ${"[".repeat(100_000)}`).unparsed).toMatch(/200 levels/);
});

test("a place behind an escape, in a folded text and after a byte order mark is exact", () => {
  const text = `\ufeff${group('      - alert: A\n        expr: "up{job=\\"é😀\\"}\\u0020> 0"\n      - alert: B\n        expr: >\n          up\n          == 0\n')}`;
  const [a, b] = read(text).groups[0]!.rules;
  expect(a!.expr.value).toBe('up{job="é😀"} > 0');
  expect(a!.expr.positionOf(a!.expr.value.indexOf("> 0"))).toEqual({ line: 5, column: 37 });
  expect(b!.expr.positionOf(b!.expr.value.indexOf("=="))).toEqual({ line: 9, column: 11 });
});

test.each(["rules.yml", "loki/rules.yml"])(
  "what is nested too deeply to be judged is no error in %s",
  (path) => {
    const query = path.startsWith("loki")
      ? Array(3000).fill('rate({a="b"}[5m])').join(" + ")
      : `${"(".repeat(1000)}up${")".repeat(1000)}`;
    const text = group(`      - alert: A\n        expr: ${JSON.stringify(query)}\n`);
    const { problems } = validateRules({
      sources: [{ path, absolutePath: `/nowhere/${path}`, text }],
      root: "/nowhere",
    });
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(problems.map(({ what }) => what).join("\n")).toMatch(
      /could not be judged: the expression is nested/,
    );
  },
);
