import { stackSchema } from "../../../stack/define.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

interface Group {
  interval?: string;
  rules: object[];
}

const ids = [
  "record-name",
  "changing-label",
  "unused-record",
  "unknown-record",
  "rule-order",
  "overwritten-label",
];

/** What these checks find in groups of rules; in those of a stack where one is given. */
function found(groups: Group[], stack?: object): string[] {
  const text = JSON.stringify({ groups: groups.map((group, at) => ({ name: `g${at}`, ...group })) });
  return validateRules({
    sources: [{ path: "rules.yml", absolutePath: "/rules.yml", text }],
    root: "/",
    wants: (id) => ids.includes(id),
    exists: () => true,
    surroundings: stack && surroundingsOf(stackSchema.parse({ name: "shop", ...stack })),
  }).problems.map(({ id, severity, what }) => `${severity} ${id}: ${what}`);
}

const record = { record: "job:a:sum", expr: "sum by (job) (a)" };
const use = { alert: "A", expr: "job:a:sum > 1" };
const dashboard = (expr: string) => ({
  dashboards: [{ uid: "a", title: "A", panels: [{ targets: [{ expr }] }] }],
});

describe("a record that nobody uses", () => {
  test("is found in a project, and not in files of nobody's", () => {
    expect(found([{ rules: [record] }], {})).toEqual([
      'notice unused-record: No rule and no dashboard uses "job:a:sum".',
    ]);
    expect(found([{ rules: [record] }])).toEqual([]);
  });

  test("is found though it uses itself", () => {
    const own = { record: "job:a:sum", expr: "job:a:sum + sum by (job) (a)" };
    expect(found([{ rules: [own] }], {})).toHaveLength(1);
  });

  test.each([
    ["a rule", [record, use]],
    ["a pattern of a rule", [record, { alert: "A", expr: '{__name__=~"job:.*:sum"} > 1' }]],
    [
      "a template",
      [record, { alert: "A", expr: "b > 1", annotations: { a: '{{ query "job:a:sum" | first | value }}' } }],
    ],
  ])("isn't one that %s uses", (_, rules) => {
    expect(found([{ rules }], {})).toEqual([]);
  });

  test.each(["sum(job:a:sum{x='y'})", "job:$metric:sum", `{__name__=~"job:.*"}`, "job:a:sum / $n"])(
    "isn't one that a dashboard uses in %s",
    (expr) => {
      expect(found([{ rules: [record] }], dashboard(expr))).toEqual([]);
    },
  );

  test("is found beside a dashboard that uses another", () => {
    expect(found([{ rules: [record] }], dashboard("job:$metric:rate"))).toHaveLength(1);
  });

  test("isn't looked for where every series is sent on", () => {
    const stack = { overrides: { prometheus: { remote_write: [{ url: "https://example.org" }] } } };
    expect(found([{ rules: [record] }], stack)).toEqual([]);
  });
});

describe("a record that nobody writes", () => {
  test("is a warning where a similar one is written, else a notice", () => {
    expect(found([{ rules: [record, { alert: "A", expr: "job:a:sun > 1 or other:b > 1" }] }])).toEqual([
      'warning unknown-record: No rule of these files records "job:a:sun".',
      'notice unknown-record: No rule of these files records "other:b".',
    ]);
  });

  test("is said once, however often it is used", () => {
    expect(found([{ rules: [use, use, use] }])).toHaveLength(1);
  });
});

describe("the order of rules", () => {
  test("is wrong where a record is written after it is used", () => {
    expect(found([{ rules: [use, record] }])).toEqual([
      expect.stringContaining('"job:a:sum" is recorded only further down in this group'),
    ]);
  });

  test.each([
    ["the record comes first", [record, use]],
    ["the value of before is asked for", [{ alert: "A", expr: "job:a:sum offset 5m > 1" }, record]],
    ["a record reads itself", [{ record: "job:a:sum", expr: "job:a:sum + 1" }]],
  ])("is right where %s", (_, rules) => {
    expect(found([{ rules }])).toEqual([]);
  });

  test("matters between groups only where the other is slower", () => {
    const groups = (interval?: string, own?: string) => [
      { rules: [use], ...(own && { interval: own }) },
      { rules: [record], ...(interval && { interval }) },
    ];
    expect(found(groups())).toEqual([]);
    expect(found(groups("1m", "1m"))).toEqual([]);
    expect(found(groups("1m", "5m"))).toEqual([]);
    expect(found(groups("2m", "1m"))).toEqual([expect.stringContaining("less often than this rule")]);
    expect(found(groups("2m"))).toEqual([]);
    expect(found(groups("2m"), {})).toEqual([expect.stringContaining("less often than this rule")]);
    expect(found(groups("10m", "10m"))).toEqual([expect.stringContaining("looks back 5m")]);
  });

  test("is said once for all rules of a group that use a slower one", () => {
    expect(
      found([
        { interval: "1m", rules: [use, { ...use, alert: "B" }] },
        { interval: "2m", rules: [record] },
      ]),
    ).toHaveLength(1);
  });

  test("doesn't matter to a range", () => {
    const range = { alert: "A", expr: "max_over_time(job:a:sum[1h]) > 1" };
    expect(found([{ rules: [range] }, { interval: "10m", rules: [record] }])).toEqual([]);
  });
});

describe("a label that takes the place of another", () => {
  const alert = (expr: string, labels: object) => [{ rules: [{ alert: "A", expr, labels }] }];

  test("is found where the expression groups by it", () => {
    expect(found(alert("sum by (team) (b) > 1", { team: "shop" }))).toEqual([
      expect.stringContaining('The label "team" replaces the one'),
    ]);
  });

  test("is found where it names the alert, or hides an external label", () => {
    const stack = { overrides: { prometheus: { global: { external_labels: { cluster: "eu" } } } } };
    expect(found(alert("b > 1", { alertname: "B", cluster: "us" }), stack)).toHaveLength(2);
  });

  test.each([
    ["b > 1", { team: "shop" }],
    ["sum by (job) (b) > 1", { team: "shop" }],
    ['sum by (team) (b{team="x"}) > 1', { team: "shop" }],
    ["sum by (team) (b) > 1", { team: "{{ $labels.team | toUpper }}" }],
  ])("isn't there in %s with %j", (expr, labels) => {
    expect(found(alert(expr, labels))).toEqual([]);
  });
});

test("a record says which range it takes", () => {
  const rate = (range: string) => [
    { rules: [{ record: "job:a:rate5m", expr: `sum by (job) (rate(a_total[${range}]))` }] },
  ];
  expect(found(rate("1m"))).toEqual(['warning record-name: "job:a:rate5m" says 5m, and its query takes 1m.']);
  expect(found(rate("5m"))).toEqual([]);
  expect(found(rate("300s"))).toEqual([]);
});

test("a label of an alert doesn't take a value for each user", () => {
  const alert = (label: string) => [{ rules: [{ alert: "A", expr: "b > 1", labels: { who: label } }] }];
  expect(found(alert("{{ $labels.user_id }}"))).toEqual([
    'warning changing-label: The label "who" has a value for every single user_id.',
  ]);
  expect(found(alert("{{ $labels.team }}"))).toEqual([]);
});

test("a record made of another group's is a notice", () => {
  const groups = [
    { rules: [{ record: "all:a:sum", expr: "sum(job:a:sum)" }] },
    { rules: [{ record: "job:a:sum", expr: "sum by (job) (a)" }] },
  ];
  expect(found(groups)).toEqual(['notice rule-order: "job:a:sum" is recorded in another group, "g1".']);
});
