import { alternativesOf } from "../../../../dashboards/preview/page/data/traceql-conditions.js";
import {
  foundTraces,
  fromJaeger,
  fromTempo,
  isLookedFor,
  type JaegerTrace,
  jaegerSearches,
} from "../../../../dashboards/preview/page/data/traces.js";

const query = '{ resource.service.name = "api" && (status = error || duration > 1s) }';
const over = { from: 1000, to: 2000, limit: 20 };

const trace = (more: { error?: boolean; duration?: number; service?: string } = {}): JaegerTrace => ({
  traceID: "abc",
  processes: { p1: { serviceName: more.service ?? "api" } },
  spans: [
    {
      spanID: "2",
      operationName: "SELECT",
      startTime: 1_000_100_000,
      duration: 10,
      processID: "p1",
      references: [{ refType: "CHILD_OF", spanID: "1" }],
    },
    {
      spanID: "1",
      operationName: "GET /",
      startTime: 1_000_000_000,
      duration: more.duration ?? 200_000,
      processID: "p1",
      tags: more.error ? [{ key: "error", value: true }] : [],
    },
  ],
});

test("a search of Tempo's becomes one of Jaeger's for each of its alternatives", () => {
  const searches = jaegerSearches(alternativesOf(query)!, [], over).map((each) => new URLSearchParams(each));
  expect(searches.map((each) => [each.get("service"), each.get("tags"), each.get("minDuration")])).toEqual([
    ["api", '{"error":"true"}', null],
    ["api", null, "1000ms"],
  ]);
  expect(searches[0]!.get("start")).toBe("1000000");
});

test("without a service every service that may have it is asked", () => {
  const alternatives = alternativesOf('{ resource.service.name =~ "demo-.*" && .model = "x" }')!;
  const searches = jaegerSearches(alternatives, ["demo-a", "other", "demo-b"], over).map(
    (each) => new URLSearchParams(each),
  );
  expect(searches.map((each) => [each.get("service"), each.get("tags")])).toEqual([
    ["demo-a", '{"model":"x"}'],
    ["demo-b", '{"model":"x"}'],
  ]);
});

test.each([
  ["a failed trace", trace({ error: true }), true],
  ["a slow one", trace({ duration: 1_500_000 }), true],
  ["one that is neither", trace(), false],
  ["a failed one of another service", trace({ error: true, service: "other" }), false],
])("%s is looked for: %s", (_what, given, expected) => {
  expect(isLookedFor(given, alternativesOf(query)!)).toBe(expected);
});

test.each(["{ a } >> { b }", "{} | count() > 2", "{ .a = }", "{ .a = 1 ", '{ .a = "x" } { }'])(
  "%s is more than can be asked of Jaeger",
  (more) => {
    expect(alternativesOf(more)).toBeUndefined();
  },
);

test("empty braces look for everything", () => {
  expect(alternativesOf("{}")).toEqual([[]]);
});

test("found traces are a table, newest first, named by their root", () => {
  const later = { ...fromJaeger(trace()), traceId: "later", start: 2_000_000 };
  const table = foundTraces([fromJaeger(trace()), later], "A", query);
  const column = (name: string) => table.fields.find((field) => field.name === name)?.values;
  expect(column("traceID")).toEqual(["later", `${"0".repeat(29)}abc`]);
  expect(column("traceName")).toEqual(["GET /", "GET /"]);
  expect(column("traceService")).toEqual(["api", "api"]);
  expect(column("traceDuration")).toEqual([200, 200]);
});

test("Tempo's answers are the same table", () => {
  expect(
    fromTempo({
      traces: [
        {
          traceID: "abc",
          rootServiceName: "api",
          rootTraceName: "GET /",
          startTimeUnixNano: "1700000000000000000",
          durationMs: 7,
        },
      ],
    }),
  ).toEqual([
    { traceId: `${"0".repeat(29)}abc`, start: 1_700_000_000_000, service: "api", name: "GET /", duration: 7 },
  ]);
});
