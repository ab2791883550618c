import type { Call, Span } from "../../../llm/call.js";
import { Twins } from "../../../llm/ledger/twins.js";
import { normalise } from "../../../llm/normalise.js";
import { noon, span } from "../../support/llm-spans.js";

function call(rest: Partial<Omit<Span, "attributes" | "resource">>, more: Record<string, string> = {}): Call {
  const attributes = { "gen_ai.request.model": "m", "gen_ai.response.id": "msg_1", ...more };
  const result = normalise(span(attributes, { ...rest, resource: { "service.name": "shop" } }), noon);
  if (!("call" in result)) throw new Error("no call");
  return result.call;
}

const trace = (digit: string) => digit.repeat(32);
const one = () => call({ traceId: trace("a"), spanId: "aaaaaaaaaaaaaaaa" });
const other = (rest = {}, more = {}) =>
  call({ traceId: trace("b"), spanId: "bbbbbbbbbbbbbbbb", ...rest }, more);

test("a call that two spans tell of in traces of their own is one, and learns what only the second knows", () => {
  const twins = new Twins();
  const first = one();
  expect(twins.has(first)).toBe(false);
  expect(twins.has(other({}, { team: "search", "gen_ai.response.finish_reasons": "stop" }))).toBe(true);
  expect(first).toMatchObject({ team: "search", finishReason: "stop", user: null });
});

test("the same span again is let through, and learns again", () => {
  const twins = new Twins();
  twins.has(one());
  const again = one();
  expect(twins.has(again)).toBe(false);
  expect(twins.has(other({}, { team: "search" }))).toBe(true);
  expect(again.team).toBe("search");
});

test("an answer that is given again later, of another service or in a span around it is another matter", () => {
  const twins = new Twins();
  twins.has(one());
  const later = { startMs: noon + 5_000, endMs: noon + 6_000 };
  expect(twins.has(other(later))).toBe(false);
  expect(twins.has(other({ ...later, spanId: "cccccccccccccccc" }))).toBe(true);
  twins.has(one());
  expect(twins.has({ ...other(), service: "another" })).toBe(false);
  expect(twins.has(other({ traceId: trace("a"), parentSpanId: "aaaaaaaaaaaaaaaa" }))).toBe(false);
  expect(twins.has(other({}, { "gen_ai.response.id": "" }))).toBe(false);
});

test("of very many calls only the last are remembered", () => {
  const twins = new Twins();
  twins.has(one());
  for (let at = 0; at < 4_000; at++) twins.has(other({}, { "gen_ai.response.id": `msg_other_${at}` }));
  expect(twins.has(other())).toBe(false);
});
