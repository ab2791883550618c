import { labelUses } from "../../../stack/rules/template/of-rule.js";
import { parseTemplate } from "../../../stack/rules/template/parse.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

test.each([
  "{{ $labels.job }}",
  "{{- $value | humanize -}}",
  "{{ if gt $value 90.0 }}a{{ else if lt $value 1e3 }}b{{ else }}c{{ end }}",
  "{{ with query (printf \"x{a='%s'}\" $labels.a) }}{{ . | first | value }}{{ end }}",
  '{{ range $i, $e := query "x" }}{{ $i }}{{ break }}{{ else }}none{{ end }}',
  '{{ define "t" }}{{ . }}{{ end }}{{ template "t" 1 }}',
  '{{ reReplaceAll `\\d+` "x" $labels.a }}{{/* nothing */}}',
  "{{ $x := 0x_1F }}{{ $x = 'a' }}{{ $x }}{{ nil | printf }}",
  "a } b {",
])("%s is read", (template) => {
  expect(parseTemplate(template).fault).toBeUndefined();
});

test.each([
  ["{{ $label.job }}", 3, /no variable "\$label"/],
  ["{{ humanise $value }}", 3, /no function "humanise"/],
  ["{{ $labels.a-b }}", 12, /can't be part of a name/],
  ["up: {{ $value", 4, /aren't closed/],
  ["{{ if true }}a", 3, /"if" isn't closed/],
  ["{{ end }}", 3, /"end" has no if/],
  ["{{ }}", 3, /nothing between/],
  ["{{ ($value }}", 11, /parenthesis isn't closed/],
  ['{{ reReplaceAll "\\d" "" $labels.a }}', 17, /no escape/],
  ["{{ $value | 5 }}", 12, /behind a pipe stands a function/],
  ["{{ define }}", 10, /not expected/],
  ["{{ break }}", 3, /outside of a range/],
  ["{{ $x := 1 }}{{ if true }}{{ $y := 1 }}{{ end }}{{ $y }}", 51, /no variable "\$y"/],
])("%s is refused at the right place", (template, at, message) => {
  const { fault } = parseTemplate(template);
  expect(fault).toMatchObject({ at, message: expect.stringMatching(message) });
});

test("a hundred thousand openings are refused without an overflow", () => {
  expect(parseTemplate("{{ if true }}".repeat(100_000)).fault?.message).toMatch(/nested/);
  expect(parseTemplate(`{{ ${"(".repeat(100_000)}`).fault?.message).toMatch(/nested/);
});

test("the labels that a template reads are known with their places", () => {
  const { pipelines } = parseTemplate(
    '{{ $labels.a }}{{ .Labels.b }}{{ index $labels "c.d" }}{{ range query "x" }}{{ .Labels.e }}{{ end }}',
  );
  expect(labelUses({ pipelines }).map(({ label }) => label)).toEqual(["a", "b", "c.d"]);
});

/** What is found in an annotation of an alert about `sum by (job) (up) == 0`. */
function found(summary: string, expr = "sum by (job) (up) == 0"): string[] {
  const rule = { alert: "Test", expr, annotations: { summary } };
  return validateRules({
    sources: [
      {
        path: "rules.yml",
        absolutePath: "/rules.yml",
        text: JSON.stringify({ groups: [{ name: "test", rules: [rule] }] }),
      },
    ],
    root: "/",
    exists: () => true,
    wants: (id) => id === "template-fails" || id === "lost-label",
  }).problems.map(({ id, severity, what }) => `${severity} ${id}: ${what}`);
}

test.each([
  ["{{ $value | first }}", '"first" wants the result of a query, and gets a number.'],
  ["{{ $value | toUpper }}", '"toUpper" wants a text, and gets a number.'],
  ["{{ toUpper $labels }}", '"toUpper" wants a text, and gets all labels.'],
  ["{{ $labels.job | value }}", `"value" wants one sample of a query's result, and gets a text.`],
  [
    '{{ query "up" | value }}',
    `"value" wants one sample of a query's result, and gets the result of a query.`,
  ],
  ['{{ query (print 1) | label "a" }}', `"label" wants one sample of a query's result, and gets the result`],
  ['{{ query "sum(up" | first | value }}', "The query within the template is not valid: "],
])("%s fails when it is expanded", (template, expected) => {
  expect(found(template)).toEqual([expect.stringContaining(`warning template-fails: ${expected}`)]);
});

test.each([
  '{{ query "up" | first | value | humanize }}',
  '{{ range query "up" | sortByLabel "job" }}{{ .Labels.instance }} {{ .Value }}{{ end }}',
  '{{ with query "sum by (job) (up)" }}{{ . | first | label "job" | toUpper }}{{ end }}',
  '{{ printf `up{job="%s"}` $labels.job | query | first | value }}',
  '{{ $value | humanize | toUpper }}{{ reReplaceAll "a" "b" $labels.job }}',
  '{{ if match "a.*" $labels.job }}{{ title "x" }}{{ end }}',
  "{{ $x := $value }}{{ toUpper $x }}",
])("nothing is found in %s", (template) => {
  expect(found(template)).toEqual([]);
});

test.each([
  ["{{ $labels.instance }}", "up == 0 and on() sum(up) == 0", []],
  [
    "{{ $labels.__name__ }}",
    "rate(a_total[5m]) > 0",
    ['warning lost-label: The annotation "summary" reads the name of the metric'],
  ],
  ["{{ $labels.__name__ }}", "up == 0", []],
  [
    "{{ $labels.instance }}",
    "up == 0 or sum(up) == 0",
    [
      'notice lost-label: The annotation "summary" reads the label instance, which alerts from `sum(up) == 0`',
    ],
  ],
  [
    '{{ range query "sum(up)" }}{{ .Labels.job }}{{ end }}',
    "up == 0",
    ['warning lost-label: The annotation "summary" reads the label job, which its query'],
  ],
  [
    '{{ query "sum by (a) (up)" | first | label "job" }}',
    "up == 0",
    ['warning lost-label: The annotation "summary" reads the label job, which its query'],
  ],
])("%s over %s: labels that are lost are known", (template, expr, expected) => {
  expect(found(template, expr)).toEqual(expected.map((text) => expect.stringContaining(text)));
});
