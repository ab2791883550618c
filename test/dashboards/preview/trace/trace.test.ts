import { duration } from "../../../../dashboards/preview/page/trace/durations.js";
import { genAiFacts } from "../../../../dashboards/preview/page/trace/gen-ai.js";
import { traceFromJaeger } from "../../../../dashboards/preview/page/trace/jaeger.js";
import { traceFromOtlp } from "../../../../dashboards/preview/page/trace/otlp.js";
import { type Span, written } from "../../../../dashboards/preview/page/trace/trace.js";
import { traceTree, unfolded } from "../../../../dashboards/preview/page/trace/tree.js";

const span = (spanId: string, parentId: string, more: Partial<Span> = {}): Span => ({
  spanId,
  parentId,
  service: "shop",
  name: spanId,
  start: 0,
  duration: 1,
  kind: "",
  failed: false,
  statusMessage: "",
  attributes: [],
  resource: [],
  events: [],
  links: [],
  scope: "",
  ...more,
});

const treeOf = (spans: Span[]) => traceTree({ traceId: "t", spans });
const shape = (spans: Span[]) =>
  unfolded(treeOf(spans).roots, new Set()).map(
    ({ span, depth, orphan }) => `${depth}${span.spanId}${orphan ? "?" : ""}`,
  );

test("spans stand below the span that called them, by their start", () => {
  const spans = [
    span("c", "a", { start: 20 }),
    span("a", "", { start: 10, duration: 100 }),
    span("b", "a", { start: 15 }),
    span("d", "b", { start: 16 }),
  ];
  expect(shape(spans)).toEqual(["0a", "1b", "2d", "1c"]);
  expect(treeOf(spans)).toMatchObject({ start: 10, duration: 100, spans: 4, failed: 0 });
  expect(treeOf(spans).roots[0]).toMatchObject({ below: 3 });
});

test("what is below a folded span is not shown", () => {
  const { roots } = treeOf([span("a", ""), span("b", "a"), span("c", "b")]);
  expect(unfolded(roots, new Set(["b"])).map(({ span }) => span.spanId)).toEqual(["a", "b"]);
});

test("a span whose parent is missing, or is itself, or is its own child, is still shown, once", () => {
  expect(shape([span("a", "gone"), span("b", "a")])).toEqual(["0a?", "1b"]);
  expect(shape([span("a", "a")])).toEqual(["0a"]);
  expect(shape([span("a", "b"), span("b", "a"), span("c", "b")])).toEqual(["0a?", "1b", "2c"]);
  expect(shape([span("a", ""), span("a", "")])).toEqual(["0a"]);
});

test("a trace without spans has no length, and a very deep one is nested to its end", () => {
  expect(treeOf([])).toMatchObject({ roots: [], start: 0, duration: 0, spans: 0 });
  const deep = Array.from({ length: 20_000 }, (_, index) =>
    span(String(index), index === 0 ? "" : String(index - 1), { start: index }),
  );
  const { roots } = treeOf(deep);
  expect(roots[0]!.below).toBe(19_999);
  expect(unfolded(roots, new Set()).at(-1)!.depth).toBe(19_999);
});

test("services are counted in the order in which they took part", () => {
  const { services, failed } = treeOf([
    span("b", "a", { service: "late", start: 5, failed: true }),
    span("a", "", { service: "first" }),
  ]);
  expect(services).toEqual([
    { name: "first", spans: 1 },
    { name: "late", spans: 1 },
  ]);
  expect(failed).toBe(1);
});

test("Jaeger's trace is read: microseconds, tags, processes, references and logs", () => {
  const { traceId, spans } = traceFromJaeger({
    traceID: "abc",
    processes: { p1: { serviceName: "shop", tags: [{ key: "host.name", value: "h" }] } },
    spans: [
      {
        spanID: "s2",
        operationName: "GET /",
        startTime: 1_000_500,
        duration: 2500,
        processID: "p1",
        references: [
          { refType: "FOLLOWS_FROM", spanID: "other", traceID: "def" },
          { refType: "CHILD_OF", spanID: "s1" },
        ] as { refType: string; spanID: string }[],
        tags: [
          { key: "span.kind", value: "server" },
          { key: "otel.status_code", value: "ERROR" },
          { key: "otel.status_description", value: "no" },
          { key: "http.route", value: "/" },
        ],
        logs: [
          {
            timestamp: 1_001_000,
            fields: [
              { key: "event", value: "exception" },
              { key: "n", value: 1 },
            ],
          },
        ],
      },
    ],
  });
  expect(traceId).toBe("abc".padStart(32, "0"));
  expect(spans).toEqual([
    span("s2", "s1", {
      name: "GET /",
      start: 1000.5,
      duration: 2.5,
      kind: "server",
      failed: true,
      statusMessage: "no",
      attributes: [{ name: "http.route", value: "/" }],
      resource: [{ name: "host.name", value: "h" }],
      events: [{ time: 1001, name: "exception", attributes: [{ name: "n", value: 1 }] }],
      links: [{ traceId: "def".padStart(32, "0"), spanId: "other" }],
    }),
  ]);
});

test("a trace in OTLP is read, with ids in hexadecimal or base64, and times finer than milliseconds", () => {
  const hex = "00f067aa0ba902b7";
  const base64 = Buffer.from(hex, "hex").toString("base64");
  const resourceSpans = [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeSpans: [
        {
          scope: { name: "lib" },
          spans: [
            {
              spanId: base64,
              parentSpanId: "",
              name: "chat",
              kind: "SPAN_KIND_CLIENT",
              startTimeUnixNano: "1763740800000000500",
              endTimeUnixNano: "1763740800002000500",
              status: { code: 2, message: "no" },
              attributes: [
                { key: "n", value: { intValue: "12" } },
                { key: "big", value: { intValue: "9223372036854775807" } },
                {
                  key: "list",
                  value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 0.5 }] } },
                },
                { key: "none" },
              ],
              events: [{ timeUnixNano: "1763740800001000000", name: "first" }],
              links: [{ traceId: `${"0".repeat(31)}1`, spanId: hex }],
            },
          ],
        },
      ],
    },
  ];
  const expected = {
    traceId: "a".padStart(32, "0"),
    spans: [
      span(hex, "", {
        name: "chat",
        kind: "client",
        start: 1763740800000.0005,
        duration: 2,
        failed: true,
        statusMessage: "no",
        scope: "lib",
        attributes: [
          { name: "n", value: 12 },
          { name: "big", value: "9223372036854775807" },
          { name: "list", value: [true, 0.5] },
          { name: "none", value: "" },
        ],
        resource: [{ name: "service.name", value: "shop" }],
        events: [{ time: 1763740800001, name: "first", attributes: [] }],
        links: [{ traceId: `${"0".repeat(31)}1`, spanId: hex }],
      }),
    ],
  };
  expect(traceFromOtlp({ batches: resourceSpans }, "a")).toEqual(expected);
  expect(traceFromOtlp({ trace: { resourceSpans } }, "a")).toEqual(expected);
  expect(traceFromOtlp({}, "a").spans).toEqual([]);
});

test("a call of a model tells its model, tokens and cost, under any name that instrumentations use", () => {
  const said = (attributes: Record<string, string | number>) =>
    genAiFacts(
      span("a", "", { attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) }),
    );
  expect(
    said({
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.response.model": "gpt-5",
      "gen_ai.usage.prompt_tokens": 1200,
      "gen_ai.usage.cost": 0.01,
      "llm.ttft_ms": 200,
    }),
  ).toEqual([
    { label: "Provider", value: "openai" },
    { label: "Model", value: "gpt-5" },
    { label: "Input tokens", value: "1,200" },
    { label: "First token after", value: "200 ms" },
    { label: "Cost, as reported", value: "$0.01" },
  ]);
  expect(said({ "error.type": "timeout", "http.route": "/" })).toEqual([]);
});

test("durations are short, in the unit that fits", () => {
  expect([0.3504, 12.34, 999.6, 4560, 125_000, Number.NaN].map(duration)).toEqual([
    "350 µs",
    "12.3 ms",
    "1 s",
    "4.56 s",
    "2 min 5 s",
    "–",
  ]);
});

test("values of attributes are readable whatever their shape", () => {
  expect([true, 1.5, "a", ["a", 1], { a: "b" }].map(written)).toEqual([
    "true",
    "1.5",
    "a",
    '["a",1]',
    '{"a":"b"}',
  ]);
});
