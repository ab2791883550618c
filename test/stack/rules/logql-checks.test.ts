import { validateRules } from "../../../stack/rules/validate-rules.js";

/** What is found in a query of Loki's ruler, with the character it is found at. */
function found(expr: string, kind: "alert" | "record" = "alert"): string[] {
  const rule = kind === "alert" ? { alert: "Test", expr } : { record: "job:errors:rate5m", expr };
  return validateRules({
    sources: [
      {
        path: "loki/rules.yml",
        absolutePath: "/loki/rules.yml",
        text: JSON.stringify({ groups: [{ name: "test", rules: [rule] }] }),
      },
    ],
    root: "/",
    exists: () => true,
    wants: (id) => id === "logql-meaning",
  }).problems.map(({ what, severity }) => `${severity} ${what}`);
}

test.each([
  ['sum(rate({app="a"}[5m]))', 'warning The alert "Test" has no condition.'],
  ['sum(rate({app="a"}[5m])) > bool 5', 'warning The alert "Test" has no condition.'],
  ['rate({app="a"} | json | size > 5 [5m])', 'warning The alert "Test" has no condition.'],
  ['rate({app="a", app="b"}[5m]) > 1', 'warning `app="a"` and `app="b"` rule each other out.'],
  ['rate({app="a", job=~"b"}[5m]) > 1', 'notice `job=~"b"` needs no regular expression.'],
  [
    'rate({app="a"} | json | code="5.." [5m]) > 1',
    'warning `code="5.."` takes a regular expression for a plain text.',
  ],
  [
    'sum by (trace_id) (rate({app="a"}[5m])) > 1',
    "warning Grouping by `trace_id` makes an alert for every single value of it.",
  ],
])("in %s it is found: %s", (expr, expected) => {
  expect(found(expr)).toEqual([expected]);
});

test.each([
  'sum by (job) (rate({app="a"} |= "error" [5m])) > 1',
  'absent_over_time({app="a"}[5m])',
  'sum by (job) (rate({app="a"}[5m])) unless sum by (job) (rate({app="b"}[5m]))',
  'sum(sum by (trace_id) (rate({app="a"}[5m]))) > 1',
  '5 < sum(rate({app="a", path=~"/api/.*"} | logfmt | level=~"error|fatal" [5m]))',
])("nothing is found in %s", (expr) => {
  expect(found(expr)).toEqual([]);
});

test("a record needs no condition", () => {
  expect(found('sum by (job) (rate({app="a"}[5m]))', "record")).toEqual([]);
});
