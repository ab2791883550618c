import { analyseTraceql } from "../../../stack/traceql/index.js";

/** What is wrong, with a caret behind the query's beginning up to the fault. */
function faultOf(query: string): string {
  const { errors } = analyseTraceql(query);
  return errors.map(({ message, from }) => `${query.slice(0, from)}‸ ${message}`).join("; ");
}

describe("a query that Tempo takes is taken", () => {
  test.each([
    "{}",
    "{ .http.status_code = 500 }",
    '{ resource.service.name = "checkout" && duration > 5s }',
    "{ status = error } >> { kind = server }",
    "{ .a = 1 } !>> { .b = 1 }",
    "{ .a = 1 } &~ { .b = 1 }",
    '{ event:name = "exception" && trace:duration > 1.5h && span:kind = server && link:traceID != "a" }',
    "{ .a = 1 } | select(.b, span.c) | count() > 3",
    "{ true } | by(resource.service.name) | avg(duration) > 1s | coalesce()",
    "{ } | rate() by (resource.service.name, span.http.route)",
    "{} | quantile_over_time(duration, .99, 0.9) by (span:name) with (sample=true)",
    "{} | compare({ status = error }, 10)",
    "{ status = error } | rate() | topk(3)",
    "{} | rate() > 1",
    "({ .a = 1 } | count()) > ({ .b = 1 } | count())",
    "({} | rate()) / ({} | rate())",
    "({ .a = 1 }) && ({ .b = 1 })",
    '{ span."foo bar" = `x` }',
    "{ nestedSetParent < 0 }",
    "{ parent = nil }",
    "{ parent.span.a != nil || parent.b = 1 }",
    '{ .a =~ "x.*" || !(.b = 1) } // why',
    "{ span.tokens.in + span.tokens.out > 1000 }",
    "{ rootName = `GET /` && span:childCount > 2 }",
    "{ -.a < -1 }",
    "{ .is_cached }",
    "{ .a.b-c = 1 }",
    "max(duration) - min(duration) > 3s",
  ])("%s", (query) => {
    expect(analyseTraceql(query)).toMatchObject({ errors: [], doubts: [] });
  });
});

describe("a query that Tempo refuses is refused where the fault is", () => {
  test.each([
    ["", "‸ there is no query"],
    ["{ .a = 1", "{ .a = 1‸ `}` is missing"],
    ["{ .a = }", "{ .a = ‸ unexpected `}`"],
    ["{ .a == 1 }", "{ .a =‸ unexpected `=`"],
    ["{ service.name = `x` }", "{ ‸ `service` is not a scope of attributes"],
    ["{ resuorce.service.name = `x` }", "{ ‸ `resuorce` is not a scope of attributes"],
    ["{ durations > 5s }", "{ ‸ there is no `durations`"],
    ["{ span:nam = `x` }", "{ ‸ there is no `span:nam`"],
    ["{ .a = 1 } | cuont() > 3", "{ .a = 1 } | ‸ there is no function `cuont`"],
    ["{ .a = 1 } | count()", "{ .a = 1 } | count()‸ an aggregate has to be compared with something"],
    ["{ .a = 'x' }", "{ .a = ‸ a text stands in double quotes or backticks"],
    ['{ .a = "x }', "{ .a = ‸ the text is not closed"],
    ['{ status = "error" }', "{ ‸ a status can't be compared with a text"],
    ["{ kind = error }", "{ ‸ a kind can't be compared with a status"],
    ["{ name = foo }", "{ name = ‸ `foo` is not a value"],
    ["{ status =~ `err.*` }", "{ ‸ `=~` compares texts, and this is a status"],
    ["{ name =~ `(` }", "{ name =~ ‸ the regular expression doesn't compile: missing closing ): `(`"],
    ["{ duration }", "{ ‸ what stands within braces has to be true or false"],
    ["{ .a = 1 || 2 }", "{ .a = 1 || ‸ `||` joins what is true or false, and `2` is neither"],
    ["duration > 5s", "‸ `duration` has to stand within braces"],
    ["{ .a = 1 } { .b = 1 }", "{ .a = 1 } ‸ unexpected `{`"],
    ["{ .a = 1 } | rate( by (.b)", "{ .a = 1 } | rate( ‸ there is no `by`"],
    ["{ resource. = 1 }", "{ ‸ `resource.` names no attribute"],
  ])("%s", (query, fault) => {
    expect(faultOf(query)).toBe(fault);
  });

  test("nesting without end is refused, not followed", () => {
    const deep = `{ ${"(".repeat(100_000)}.a${")".repeat(100_000)} }`;
    expect(analyseTraceql(deep).errors).toMatchObject([{ message: "the query is nested too deeply" }]);
  });
});

test("a duration compared with a bare number is nanoseconds, and hardly meant", () => {
  expect(analyseTraceql("{ duration > 5 }").doubts).toMatchObject([{ id: "no-unit", from: 13, to: 14 }]);
});

test("attributes are told with their scope", () => {
  expect(
    analyseTraceql('{ .a = 1 && resource.b.c = 2 && parent.span.d = 3 && span."e f" = 4 }').attributes.map(
      ({ scope, name }) => [scope, name],
    ),
  ).toEqual([
    ["", "a"],
    ["resource", "b.c"],
    ["span", "d"],
    ["span", "e f"],
  ]);
});
