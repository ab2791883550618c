import { analyseLogql } from "../../../stack/logql/index.js";
import { corpus } from "../../support/corpus.js";

function first(expr: string): string | undefined {
  const { errors, failures } = analyseLogql(expr);
  const [found] = [...errors, ...failures];
  return found && `${expr.slice(found.from, found.to)} — ${found.message}`;
}

test.each(corpus("test/corpus/logql"))("%s is valid", (expr) => {
  expect(first(expr)).toBeUndefined();
});

test.each([
  'COUNT_OVER_TIME({app="api"}[5m]) > 1_000',
  'sum(rate({vector="a"}[5m])) BY (pod)',
  'rate({a="b"} | json | status >= 0x1f4 [5m])',
  'variants(count_over_time({a="b"}[5m])) of ({a="b"}[5m])',
  'rate({a="b"}[5m]) % 5 unless rate({a="b"}[5m])',
])("%s is taken, as Loki does", (expr) => {
  expect(first(expr)).toBeUndefined();
});

test.each([
  ["", " — there is no expression"],
  ['rate({a="b"}[5m]) >', " — the expression ends too early"],
  ['foo({a="b"})', "foo — there is no function `foo` here"],
  ['rate({a=~".*"}[5m])', '{a=~".*"} — this would select every stream there is'],
  ['rate({a=~"("}[5m])', '"(" — the regular expression doesn\'t compile: missing closing ): `(`'],
  ['rate({a="b"} |~ "(" [5m])', '"(" — the regular expression doesn\'t compile: missing closing ): `(`'],
  ['sum_over_time({a="b"}[5m])', "sum_over_time — `sum_over_time` needs a number of each line"],
  [
    'count_over_time({a="b"} | unwrap x [5m])',
    "count_over_time — `count_over_time` counts lines and takes no `unwrap`",
  ],
  [
    'quantile_over_time({a="b"} | unwrap x [5m])',
    "quantile_over_time — `quantile_over_time` needs the quantile first",
  ],
  ['rate({a="b"}[5m]) by (a)', "by (a) — `rate` can't be grouped"],
  ['topk(rate({a="b"}[5m]))', "topk — `topk` needs how many first"],
  ['rate({a="b"}[1.5h])', "[1.5h] — `1.5h` has no unit that durations know (`.`): ms, s, m, h, d, w, y"],
  ['rate({a="b"} | regexp "(a)" [5m])', '"(a)" — no group of the regular expression has a name'],
  [
    'rate({a="b"} | pattern "<a><b>" [5m])',
    '"<a><b>" — between <a> and <b> something must tell where the first ends',
  ],
  ['sum without (and) (rate({a="b"}[5m]))', "and — `and` is a word of LogQL and can't name a label"],
  ['rate({a="b"} | json x="c" y="d" [5m])', "y — unexpected `y`"],
  ['rate({a="b" c="d"}[5m])', "c — unexpected `c`"],
  ['variants(rate({a="b"}[5m]))', " — the expression ends too early"],
  ['variants(rate({a="b"}[5m]) x) of ({a="b"}[5m])', "x — unexpected `x`"],
  ['variants(rate({a="b"[5m])) of ({a="b"}[5m])', "[ — unexpected `[`"],
  ['variants(rate({a="b"0x1[5m])) of ({a="b"}[5m])', "0x1 — unexpected `0x1`"],
  ['variants(rate({a="\\400"}[5m])) of ({a="b"}[5m])', "\\400 — this escape is no valid character"],
  [
    'variants(rate({a="b"}[1.5h])) of ({a="b"}[5m])',
    "[1.5h] — `1.5h` has no unit that durations know (`.`): ms, s, m, h, d, w, y",
  ],
  [
    'variants(sum by (or) (rate({a="b"}[5m]))) of ({a="b"}[5m])',
    "or — `or` is a word of LogQL and can't name a label",
  ],
  ['variants({a="b"}) of ({a="b"}[5m])', ") — unexpected `)`"],
  ['variants(rate({a="b"}[5m])) of ({a=~".*"}[5m])', '{a=~".*"} — this would select every stream there is'],
  [
    'variants(rate({a=~"("}[5m])) of ({a="b"}[5m])',
    '"(" — the regular expression doesn\'t compile: missing closing ): `(`',
  ],
  ['{a="b"}', '{a="b"} — the query gives lines of logs, which no rule can use'],
])("%s is refused where it is wrong", (expr, expected) => {
  expect(first(expr)).toBe(expected);
});

test("deep nesting and long queries neither crash nor take for ever", () => {
  const deep = `${"(".repeat(10_000)}rate({a="b"}[5m])${")".repeat(10_000)}`;
  expect(() => analyseLogql(deep)).not.toThrow();
  const long = Array.from({ length: 3_000 }, () => 'rate({a="b"}[5m])').join(" + ");
  expect(analyseLogql(long).errors[0]?.id).toBe("too-deep");
  expect(analyseLogql(`count_over_time({a="b"} |= "${"x".repeat(100_000)}" [5m])`).errors).toEqual([]);
});
