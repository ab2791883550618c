import { analyse, constantOf, labelsOf, mayHave } from "../../../stack/promql/index.js";

/** `a b` for exactly these labels at most, `* -a` for all but a. */
function labels(expr: string): string {
  const set = labelsOf(analyse(expr).tree!);
  return set.kind === "only"
    ? [...set.names].sort().join(" ")
    : ["*", ...[...set.lost].filter((name) => name !== "__name__").map((name) => `-${name}`)].join(" ");
}

test.each([
  ["up", "*"],
  ['up{a=""}', "* -a"],
  ["sum(up)", ""],
  ["sum by (a, b) (up)", "a b"],
  ["sum without (a) (up)", "* -a"],
  ["sum by (a, b) (sum by (b, c) (up))", "b"],
  ["max without (a) (sum by (a, b) (up))", "b"],
  ["topk(3, sum by (a) (up))", "a"],
  ['count_values("v", up)', "v"],
  ["rate(up[5m])", "*"],
  ["max_over_time(sum by (a) (up)[1h:])", "a"],
  ["histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])))", "a"],
  ["vector(1)", ""],
  ["scalar(up)", ""],
  ["hour()", ""],
  ['absent(up{a="b",c=~"d",e!="f"})', "a"],
  ["absent(sum(up))", ""],
  ['label_replace(sum(up), "a", "", "", "")', "a"],
  ["sum by (a) (up) / on(a) x", "a"],
  ["x / ignoring(a) y", "* -a"],
  ["sum by (a) (x) / y", "a"],
  ["x * on(a) group_left(b) sum by (a, b) (y)", "*"],
  ["sum by (a) (x) * on(a) group_left(b) y", "a b"],
  ["sum by (a) (x) * on(a) group_right(a2) y", "* -a2"],
  ["sum by (a) (x) and y", "a"],
  ["sum by (a) (x) or sum by (b) (y)", "a b"],
  ["sum by (a) (x) > 5", "a"],
  ["5 < sum by (a) (x)", "a"],
  ["-(sum by (a) (x))", "a"],
])("%s has the labels [%s]", (expr, expected) => {
  expect(labels(expr)).toBe(expected);
});

test.each([
  ["up", true],
  ["sort(up > 1)", true],
  ["last_over_time(up[5m])", true],
  ["up and sum(x)", true],
  ["up or x", true],
  ["max by (__name__) (up)", true],
  ["rate(up[5m])", false],
  ["sum without (a) (up)", false],
  ["up + 1", false],
  ["-up", false],
  ["up > bool 1", false],
  ["up > on(a) x", false],
  ["up * on(a) group_left x", false],
])("%s keeps the name of its metric: %s", (expr, expected) => {
  expect(mayHave(labelsOf(analyse(expr).tree!), "__name__")).toBe(expected);
});

test.each([
  ['up{a="b",c!="",d=~"e.+",f=~".*",g!="h",i=""}', "a c d"],
  ['sum by (a, b) (up{a="x"})', "a"],
  ['up{a="b"} or x{a="c",d="e"}', "a"],
  ['up{a="b"} / on(a, c) x{c="d"}', "a c"],
  ['up{a="b"} / ignoring(a) x{c="d"}', "c"],
  ['label_replace(up{a="b"}, "a", "", "", "")', ""],
  ['absent(up{a="b"})', "a"],
  ['up{a="b"} * on() group_left(c) x{c="d"}', "a c"],
])("every series of %s has the labels [%s]", (expr, expected) => {
  const { sure } = labelsOf(analyse(expr).tree!);
  expect(
    [...sure]
      .filter((name) => name !== "__name__")
      .sort()
      .join(" "),
  ).toBe(expected);
});

test.each([
  ["1 + 2 * 3", 7],
  ["-2 ^ 2", -4],
  ["vector(1h)", 3600],
  ["(1 > bool 2) + 1", 1],
  ["pi() * 0", 0],
  ["vector(1) > 2", undefined],
  ["up * 0", undefined],
])("%s is always %s", (expr, expected) => {
  expect(constantOf(analyse(expr).tree!)).toBe(expected);
});
