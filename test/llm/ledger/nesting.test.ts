import type { Call } from "../../../llm/call.js";
import { type Known, sortNested } from "../../../llm/ledger/nesting.js";

const call = (spanId: string, parentSpanId = "", operation: Call["operation"] = "chat") =>
  ({ traceId: "t", spanId, parentSpanId, operation }) as Call;
const known = (spanId: string, parentSpanId: string, place: Known["place"]): Known => ({
  traceId: "t",
  spanId,
  parentSpanId,
  kind: "inference",
  place,
});

function sorted(calls: Call[], before: Known[] = []): Record<string, string> {
  const { billed, nested } = sortNested(calls, before);
  return Object.fromEntries([
    ...billed.map(({ spanId }) => [spanId, "billed"]),
    ...nested.map(({ call: { spanId }, place }) => [spanId, place]),
  ]);
}

test("calls that have nothing to do with each other are billed", () => {
  expect(sorted([call("a"), call("b", "elsewhere")])).toEqual({ a: "billed", b: "billed" });
});

test("of three within each other the innermost is billed, in any order", () => {
  const [a, b, c] = [call("a"), call("b", "a"), call("c", "b")] as const;
  const expected = { a: "outer", b: "outer", c: "billed" };
  expect(sorted([a, b, c])).toEqual(expected);
  expect(sorted([c, b, a])).toEqual(expected);
  expect(sorted([b], [known("c", "b", "billed")])).toEqual({ b: "outer" });
  expect(sorted([a], [known("c", "b", "billed"), known("b", "a", "outer")])).toEqual({ a: "outer" });
});

test("several calls within one are all billed", () => {
  expect(sorted([call("a"), call("b", "a"), call("c", "a")])).toEqual({
    a: "outer",
    b: "billed",
    c: "billed",
  });
  expect(sorted([call("c", "a")], [known("a", "", "outer"), known("b", "a", "billed")])).toEqual({
    c: "billed",
  });
});

test("what comes after a span around it was billed is not billed, however deep", () => {
  expect(sorted([call("b", "a"), call("c", "b")], [known("a", "", "billed")])).toEqual({
    b: "inner",
    c: "inner",
  });
  expect(sorted([call("c", "b")], [known("a", "", "billed"), known("b", "a", "inner")])).toEqual({
    c: "inner",
  });
});

test("an embedding within a chat is a call of its own", () => {
  expect(sorted([call("a"), call("b", "a", "embeddings")])).toEqual({ a: "billed", b: "billed" });
});

test("what is known, or twice among what came, comes once or not at all", () => {
  expect(sorted([call("a"), call("a"), call("b")], [known("b", "", "billed")])).toEqual({ a: "billed" });
});

test("spans that are each other's parents end somewhere", () => {
  expect(Object.keys(sorted([call("a", "b"), call("b", "a")]))).toHaveLength(2);
});
