import {
  inSelector,
  inSql,
  interpolate,
  queryOf,
  referredTo,
  type Variable,
} from "../../../../dashboards/preview/page/data/interpolate.js";

const variable = (
  name: string,
  value: string | string[],
  more: Partial<Variable["model"]> = {},
): [string, Variable] => [name, { model: { name, ...more }, value, text: value, options: ["a", "b.c"] }];

const variables = new Map([
  variable("one", "api"),
  variable("many", ["a", "b.c"], { multi: true }),
  variable("single", ["b.c"], { multi: true }),
  variable("all", "$__all", { multi: true, includeAll: true }),
  variable("custom", ["$__all"], { multi: true, includeAll: true, allValue: ".*" }),
]);

const inPromql = (text: string) => interpolate(text, variables, { format: inSelector });

test.each([
  ["$one", "api"],
  ["${one}", "api"],
  ["[[one]]", "api"],
  ["$one-$one", "api-api"],
  ["$onetwo ${missing} [[missing]]", "$onetwo ${missing} [[missing]]"],
  ["$1 [0-9] $", "$1 [0-9] $"],
])("%s becomes %s", (text, expected) => {
  expect(interpolate(text, variables)).toBe(expected);
});

test.each([
  ["csv", "a,b.c"],
  ["pipe", "a|b.c"],
  ["regex", "(a|b\\.c)"],
  ["glob", "{a,b.c}"],
  ["json", '["a","b.c"]'],
  ["raw", "a,b.c"],
  ["doublequote", '"a","b.c"'],
  ["singlequote", "'a','b.c'"],
  ["sqlstring", "'a','b.c'"],
  ["percentencode", "%7Ba%2Cb.c%7D"],
  ["queryparam", "var-many=a&var-many=b.c"],
  ["distributed", "a,many=b.c"],
  ["text", "a + b.c"],
])("several values in the format %s are %s", (format, expected) => {
  expect(interpolate(`\${many:${format}}`, variables)).toBe(expected);
});

test("in queries of Prometheus several values are a regular expression, twice escaped for the string around it", () => {
  expect(inPromql('{model=~"$many"}')).toBe('{model=~"(a|b\\\\.c)"}');
  expect(inPromql('{model=~"$single"}')).toBe('{model=~"b\\\\.c"}');
});

test("all is every value there is, or what the author wants for it, untouched", () => {
  expect(inPromql('{model=~"$all"}')).toBe('{model=~"(a|b\\\\.c)"}');
  expect(inPromql('{model=~"$custom"}')).toBe('{model=~".*"}');
  expect(interpolate("${custom:queryparam}", variables)).toBe("var-custom=%24__all");
});

test("a format that a variable names itself wins over the one of the query", () => {
  expect(inPromql('{model=~"${many:pipe}"}')).toBe('{model=~"a|b.c"}');
});

test("quotes in a value can't end the string it stands in", () => {
  const odd = new Map([variable("name", "it's"), variable("quoted", 'a"b')]);
  expect(interpolate("name = '$name'", odd, { format: inSql })).toBe("name = 'it''s'");
  expect(interpolate('{a="$quoted"}', odd, { format: inSelector })).toBe('{a="a\\"b"}');
});

test("several values are a list in SQL", () => {
  expect(interpolate("model IN ($many)", variables, { format: inSql })).toBe("model IN ('a','b.c')");
});

test("what holds for a panel alone wins, and is read by its fields", () => {
  const scoped = {
    one: { value: "mine", text: "Mine" },
    __from: { value: 0 },
    __dashboard: { value: { uid: "home" } },
    __all_variables: { value: "var-a=b&var-c=d", raw: true },
  };
  expect(
    interpolate("$one ${one:text} ${__from} ${__from:date:iso} ${__dashboard.uid}", variables, { scoped }),
  ).toBe("mine Mine 0 1970-01-01T00:00:00.000Z home");
  expect(interpolate("?${__all_variables}", variables, { scoped, format: "percentencode" })).toBe(
    "?var-a=b&var-c=d",
  );
});

test("an address carries choices as they were made", () => {
  expect(queryOf({ model: { name: "a b" }, value: ["x&y", "$__all"] })).toBe(
    "var-a%20b=x%26y&var-a%20b=%24__all",
  );
});

test("the variables that a text builds on are found in every way of writing them", () => {
  expect(referredTo("$a ${b:csv} [[c]] $__interval")).toEqual(["a", "b", "c", "__interval"]);
});
