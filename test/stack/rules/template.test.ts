import { labelUses } from "../../../stack/rules/template/of-rule.js";
import { parseTemplate } from "../../../stack/rules/template/parse.js";

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
