import { stackSchema } from "../../../stack/define.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const alert = {
  alert: "Test",
  expr: "up == 0",
  for: "5m",
  labels: { severity: "critical" },
  annotations: { summary: "a", description: "b", runbook_url: "https://example.org/c" },
};

/** What is found in a rule by what a team agreed on. */
function found(checks: object, rule: object): string[] {
  const stack = stackSchema.parse({ name: "shop", alerting: { checks } });
  return validateRules({
    sources: [
      {
        path: "rules.yml",
        absolutePath: "/rules.yml",
        text: JSON.stringify({ groups: [{ name: "test", labels: { area: "eu" }, rules: [rule] }] }),
      },
    ],
    root: "/",
    exists: () => true,
    surroundings: surroundingsOf(stack),
  }).problems.map(({ id, what }) => `${id}: ${what}`);
}

const record = { record: "job:a:sum", expr: "sum by (job) (a)" };
const asked = (rule: object, checks: object) =>
  found(checks, rule).filter((text) => !text.startsWith("unused-record"));

test("an agreement that is kept finds nothing", () => {
  const checks = {
    severities: ["critical", "warning"],
    labels: { area: { required: true, values: ["eu", "us"] }, team: { matches: "[a-z]+" } },
    annotations: { summary: { required: true }, dashboard: { matches: "https://.+" } },
    names: { alerts: "[A-Z].+", records: "job:.+" },
    reject: [{ matches: "https?://.*", in: ["label values"] }],
    for: { min: "1m", max: "1h" },
    keepFiringFor: { max: "1h" },
    aggregations: [{ keep: ["job"], drop: ["instance"] }],
    selectors: [{ metrics: "up", labels: ["job"], within: "absent" }],
  };
  expect(asked(alert, checks)).toEqual([]);
  expect(asked(record, checks)).toEqual([]);
});

test.each([
  [{ severities: ["page"] }, alert, 'alert-severity: "critical" is none of the known severities.'],
  [{ labels: { team: { required: true } } }, alert, 'rule-label: The label "team" of "Test" is missing.'],
  [
    { labels: { area: { values: ["us"], of: "records" } } },
    record,
    'rule-label: The label "area" of "job:a:sum" is "eu", which is none of its values.',
  ],
  [
    { annotations: { summary: { matches: "[A-Z].*" } } },
    alert,
    'alert-annotations: The annotation "summary" of "Test" is "a", which does not match [A-Z].*.',
  ],
  [{ names: { alerts: "Shop.+" } }, alert, 'rule-name: The name "Test" does not match Shop.+.'],
  [{ names: { records: "shop:.+" } }, record, 'rule-name: The name "job:a:sum" does not match shop:.+.'],
  [
    { reject: [{ matches: "sum.*", in: ["annotation names"] }] },
    alert,
    'rejected-text: The name of the annotation "summary" is rejected: it matches sum.*.',
  ],
  [
    { reject: [{ matches: "crit.*", in: ["label values"] }] },
    alert,
    'rejected-text: The label "severity", "critical", is rejected: it matches crit.*.',
  ],
  [{ for: { min: "10m" } }, alert, 'alert-for: "for: 5m" is less than 10m.'],
  [{ for: { max: "1m" } }, alert, 'alert-for: "for: 5m" is more than 1m.'],
  [{ keepFiringFor: { min: "1m" } }, alert, 'alert-for: The alert "Test" has no "keep_firing_for".'],
  [
    { aggregations: [{ keep: ["instance"] }] },
    record,
    'record-labels: The record "job:a:sum" has lost the label instance.',
  ],
  [
    { aggregations: [{ drop: ["job"] }] },
    record,
    'record-labels: The record "job:a:sum" may have the label job.',
  ],
  [{ selectors: [{ labels: ["job"] }] }, alert, "required-matcher: `up` is asked for without job."],
  [
    { selectors: [{ labels: ["job"], within: "absent" }] },
    { ...alert, expr: "absent(up)" },
    "required-matcher: `up` is asked for without job.",
  ],
])("what differs from %j is found", (checks, rule, expected) => {
  expect(asked(rule, checks)).toEqual([expected]);
});

test("a pattern that is none is a mistake of the definition", () => {
  const { error } = stackSchema.safeParse({ name: "shop", alerting: { checks: { names: { alerts: "(" } } } });
  expect(error?.issues[0]?.message).toBe("not a regular expression in RE2's syntax");
});
