import { analyse } from "../../../stack/promql/index.js";

/** The part of the expression that the first error is about, and its message. */
function firstError(expr: string): string | undefined {
  const [error] = analyse(expr).errors;
  return error && `${expr.slice(error.from, error.to)} — ${error.message}`;
}

/** Each was once judged otherwise than promtool does, or is at the edge of a rule. */
test.each([
  "up offset (5m) > 3",
  "up offset -(5m) > 3",
  "up offset - -(5m) > 3",
  "up offset (5m) + 3",
  "up offset step()",
  "up[(1)]",
  "up[5m + step()]",
  "up[+5m]",
  "up[--5m]",
  "up offset 0s offset 5m",
  "up offset 0s [5m]",
  "rate(up[1m]) + max_over_time(up[step():])",
  "offset offset 5m",
  "and and and",
  "fill + fill_left",
  "sum by (sum, bool, start) (up)",
  'sum by ("room name") (up)',
  '{"disk.free", "mount point"="/"}',
  '{"a", "b"}',
  'up{a=~"(?P<n>a)(?P<n>b)"}',
  'up{a=~"\\xff"}',
  'up{a="\\xff"}',
  "vector(0x_1F + 017 + 08 + 1_000.5 + 5. + .5)",
  "vector(1d12h)",
  "1 + on() up",
  "1 * on() group_left up",
  "SUM(up) BY (job)",
  "up == bool 1",
  "vector(1 > bool 2)",
  'label_join(up, "a", "b")',
  "round(up) + round(up, 2)",
  "up # comment",
  "up[5m #\n]",
  "up @ 5m",
])("%s is valid", (expr) => {
  expect(analyse(expr).errors).toEqual([]);
});

test.each([
  ["", " — there is no expression"],
  ["# nothing", " — there is no expression"],
  ["up >", " — the expression ends, expected a value"],
  ["up = 1", "= — unexpected `=`"],
  ["up && up", '& — unexpected character "&"'],
  ["(up", "( — this parenthesis is never closed"],
  ["up)", ") — this closing parenthesis has no opening one"],
  ["rate(up)", "up — `rate` needs a range vector here, this is an instant vector"],
  ["sum(up[5m])", "up[5m] — `sum` needs an instant vector, this is a range vector"],
  ["up[5m] > 1", "up[5m] — `>` can't work on a range vector"],
  ["1 > 2", "> — a comparison of two numbers needs `bool`"],
  ["up + bool 1", "+ bool — `bool` can only stand behind a comparison, not behind `+`"],
  ["up and 1", "and — `and` works on instant vectors, not on numbers"],
  ["up and on(a) group_left() up", "on(a) group_left() — `group_left` can't be used with `and`"],
  ["up * on(a) group_left(a) up", "a — label `a` stands in `on` and is copied by `group_left` as well"],
  ["up * on(a) 2", "on(a) — `on` needs an instant vector on both sides"],
  ["up * group_left(a) up", "group_left — unexpected keyword `group_left`"],
  ["raet(up[5m])", "raet — there is no function `raet`"],
  ["mad_over_time(up[5m])", "mad_over_time — the function `mad_over_time` is experimental and not enabled"],
  ["limitk(1, up)", "limitk — `limitk` is experimental and not enabled"],
  ["clamp(up, 1)", "clamp(up, 1) — `clamp` takes 3 arguments, not 2"],
  ["topk(up)", "topk(up) — `topk` takes 2 arguments, not 1"],
  ["topk(up, up)", "up — `topk` needs a number (scalar) here, this is an instant vector"],
  ["sum()", "sum() — `sum` has nothing to work on"],
  ["sum(up,)", ", — a comma can't end the arguments of `sum`"],
  ["rate(up)[5m]", "[5m] — a range can only stand directly behind a metric or its braces"],
  ["up offset 5m [5m]", "[5m] — the range must stand in front of `offset` and `@`"],
  ["sum(up) offset 5m", "offset — `offset` can only stand directly behind a metric, a range or a subquery"],
  ["up offset 5m offset 5m", "offset — `offset` is given twice"],
  ["up @ 1 @ 2", "@ 2 — `@` is given twice"],
  ["up @ Inf", "@ Inf — the time behind `@` is out of bounds"],
  ["up[0s]", "0s — a range must be longer than 0"],
  ["up[-5m]", "-5m — a range must be longer than 0"],
  ["up[5m / 0]", "/ — a range can't be divided by 0"],
  ["up[300y]", "300y — `300y` is longer than the 292 years a duration can last"],
  ["up[30m1h]", "30m1h — `30m1h` must name its units once each, from large to small, as in `1h30m`"],
  ["up[5min]", "5min — `5min` is neither a number nor a duration"],
  ["up[5m", "[5m — the closing bracket `]` is missing"],
  ["{}", "{} — this would select every series there is"],
  ['{a=~".*"}', '{a=~".*"} — this would select every series there is'],
  ['up{__name__="down"}', '__name__="down" — the metric name is given twice: `up` and `down`'],
  ['up{"down"}', '"down" — the metric name is given twice: `up` and `down`'],
  ['up{a=~"a(b"}', '"a(b" — the regular expression doesn\'t compile: missing closing ): `a(b`'],
  [
    'up{a=~"(?=a)"}',
    '"(?=a)" — the regular expression doesn\'t compile: invalid or unsupported Perl syntax: `(?=`',
  ],
  ['up{a=~"\\d"}', "\\d — unknown escape `\\d` in a text: write `\\\\d`"],
  ["up{a=b}", 'b — unexpected name `b` in the braces, expected a text in quotes: `"b"`'],
  ["up{a}", "} — unexpected `}` in the braces, expected `=`, `!=`, `=~` or `!~`"],
  ['up{a="b}', '"b} — the text that begins here is never closed by "'],
  ["sum by (without) (up)", "without — unexpected keyword `without` in `by`, expected a label name"],
  ["sum by job (up)", "job — unexpected name `job` in `by`, expected `(`"],
  ['sum by ("") (up)', '"" — "" can\'t name a label: names are texts of at least one character'],
  ["up > 1e309", "1e309 — `1e309` is too large for a number"],
  ["up > 1_ + 1", "1_ — `1_` has an underscore that isn't between two digits"],
  ['-"a"', '"a" — a sign can\'t stand in front of a text'],
  ["up[5m:][5m]", "[5m] — a range can only stand directly behind a metric or its braces"],
  ["time()[5m:]", "time() — a subquery needs an instant vector, this is a number (scalar)"],
  ["a / fill(0) b", "fill — `fill` is experimental and not enabled"],
  ["up anchored", "anchored — `anchored` is experimental and not enabled"],
])("%s is refused where it is wrong", (expr, expected) => {
  expect(firstError(expr)).toBe(expected);
});

test("several errors of one expression are all found, in order", () => {
  const { errors } = analyse('foo(up) + bar(up{a=~"("})');
  expect(errors.map(({ id }) => id)).toEqual(["unknown-function", "unknown-function", "regexp"]);
});

test("a misspelt function is answered with the nearest one, a former one with its follower", () => {
  expect(analyse("increse(up[5m])").errors[0]?.next).toBe("Did you mean `increase`?");
  expect(analyse("holt_winters(up[5m], 1, 1)").errors[0]?.next).toContain("double_exponential_smoothing");
});

test("deep nesting is a finding, not a crash", () => {
  for (const expr of [
    `${"(".repeat(10_000)}up${")".repeat(10_000)}`,
    `${"-".repeat(10_000)}up`,
    `up[${"(".repeat(10_000)}`,
    `${"abs(".repeat(10_000)}`,
  ])
    expect(analyse(expr).errors.length).toBeGreaterThan(0);
  expect(analyse(`${"(".repeat(10_000)}up${")".repeat(10_000)}`).errors[0]?.id).toBe("too-deep");
});

test("an expression of 100 KB is read, however long its chains are", () => {
  const expr = Array.from({ length: 10_000 }, (_, at) => `m${at}{a="b"}`).join(" + ");
  const { errors, selectors, tree } = analyse(expr);
  expect(errors).toEqual([]);
  expect(selectors).toHaveLength(10_000);
  expect(tree?.kind).toBe("binary");
});

test("selectors tell their name, matchers, range, offset and time", () => {
  const { ranges, selectors } = analyse(
    'rate(http_requests_total{code=~"5..",job!="x"}[5m] offset 1h @ end())',
  );
  expect(selectors[0]).toMatchObject({
    metric: "http_requests_total",
    matchers: [
      { label: "code", operator: "=~", value: "5.." },
      { label: "job", operator: "!=", value: "x" },
    ],
  });
  expect(ranges[0]).toMatchObject({ range: 300_000, offset: { ms: 3_600_000 }, at: { time: "end" } });
  expect(ranges[0]?.parent?.kind).toBe("call");
});

test("a place inside a text with escapes is found in the expression", () => {
  const expr = 'up{a=~"x\\\\.(y"}';
  const [matcher] = analyse(expr).selectors[0]?.matchers ?? [];
  expect(matcher?.value).toBe("x\\.(y");
  expect(expr[matcher!.valueOffset(matcher!.value.indexOf("("))]).toBe("(");
});
