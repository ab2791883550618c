import {
  contradiction,
  faultyMatchers,
  implies,
  matchersIn,
  parseMatcher,
  takes,
} from "../../../stack/validate/alerting/matchers.js";

const of = (...texts: string[]) => texts.map((text) => parseMatcher(text)!);

test.each([
  ['severity="critical"', { label: "severity", operator: "=", value: "critical" }],
  ['  team =~ "a|b" ', { label: "team", operator: "=~", value: "a|b" }],
  ["team!=shop", { label: "team", operator: "!=", value: "shop" }],
  ['"a.b"!~"x\\"y"', { label: "a.b", operator: "!~", value: 'x"y' }],
  ['team=""', { label: "team", operator: "=", value: "" }],
])("%s is read", (text, expected) => {
  expect(parseMatcher(text)).toEqual(expected);
});

test("what is no matcher is left to Alertmanager's own checker", () => {
  expect(parseMatcher("severity")).toBeUndefined();
});

test("several matchers in one text are told apart, commas within quotes don't separate", () => {
  const part = { matchers: ['{a="1,2", b=~"x|y"}', "c=3"] };
  expect(matchersIn(part).map(({ label, value }) => [label, value])).toEqual([
    ["a", "1,2"],
    ["b", "x|y"],
    ["c", "3"],
  ]);
});

test("the older forms count, too", () => {
  const part = { source_match: { severity: "critical" }, source_match_re: { team: "a|b" } };
  expect(matchersIn(part, "source_")).toEqual([
    { label: "severity", operator: "=", value: "critical", at: ["source_match", "severity"] },
    { label: "team", operator: "=~", value: "a|b", at: ["source_match_re", "team"] },
  ]);
});

test("a missing label is an empty one", () => {
  expect(takes(of('a!="x"')[0]!, "")).toBe("yes");
  expect(takes(of('a=~".+"')[0]!, "")).toBe("no");
  expect(takes(of('a=~"("')[0]!, "b")).toBe("maybe");
});

test.each([
  [['a="1"', 'b="2"'], ['a="1"']],
  [['a="1"'], ['a=~"1|2"']],
  [['a=~"1|2"'], ['a=~"[0-9]"']],
  [['a="1"'], ['b!="1"', 'a!="2"'].slice(1)],
  [['a="1"'], []],
])("%j is within %j", (narrow, wide) => {
  expect(implies(of(...narrow), of(...wide))).toBe(true);
});

test.each([
  [['a=~"1|2"'], ['a="1"']],
  [['a="1"'], ['b="1"']],
  [['a=~"1.*"'], ['a=~"1|2"']],
  [[], ['a="1"']],
])("%j may be outside %j", (narrow, wide) => {
  expect(implies(of(...narrow), of(...wide))).toBe(false);
});

test("conditions that exclude each other are found, others aren't", () => {
  expect(contradiction(of('a="1"'), of('b="1"', 'a="2"'))?.other).toEqual(of('a="2"')[0]);
  expect(contradiction(of('a=~"1|2"'), of('a!~"1|2|3"'))).toBeDefined();
  expect(contradiction(of('a="1"'), of('a=~"1|2"', 'b="2"'))).toBeUndefined();
});

test.each([
  ['severity=="critical"', 'compares with "=="'],
  ['severity=~"(a|b"', "does not compile"],
  ['severity=~"a|b', "don't fit together"],
  ["severity", "is not a matcher"],
  ['a="b"c"', "don't fit together"],
  ['a=b"c', "don't fit together"],
  ['a~"b"', "is not a matcher"],
  ['a=~"a{2,1}"', "does not compile"],
])("%s is refused", (text, what) => {
  expect(faultyMatchers({ matchers: ["a=b", text] })).toEqual([
    expect.objectContaining({ at: ["matchers", 1], what: expect.stringContaining(what) }),
  ]);
});

// What amtool 0.28.1 takes, odd as some of it is.
test.each([
  ...['a="b"', "a=b", 'a=~"b|c"', '{a="b,c", d!~"e"}', 'a="b\\"c"', 'a=""', "a=", '{a="b"', 'a="b",'],
  ...["a==b", "a=!b", "a=b c", "a={b}", 'a.b="c"', '"a b"="c"', "a='b'", 'a="b\\d"', ""],
])("%s is taken", (text) => {
  expect(faultyMatchers({ matchers: [text] })).toEqual([]);
});
