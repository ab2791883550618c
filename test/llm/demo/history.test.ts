import { callsOfDay } from "../../../llm/demo/history.js";
import { decodeJson } from "../../../llm/ledger/otlp/json.js";
import { normalise } from "../../../llm/normalise.js";
import { loadPriceCall } from "../../../llm/prices/price.js";

const monday = Date.UTC(2026, 10, 16);
const sunday = Date.UTC(2026, 10, 15);

/** Calls of a day as the ledger reads them. */
function asLedger(day: number) {
  const calls = callsOfDay(day, 1);
  const body = { resourceSpans: [{ scopeSpans: [{ spans: calls.map(({ span }) => span) }] }] };
  const spans = decodeJson(JSON.stringify(body));
  return spans.map((span) => normalise(span, day + 30 * 24 * 3_600_000));
}

test("the same day and seed give the same calls, another seed others", () => {
  const text = (seed: number) => JSON.stringify(callsOfDay(sunday, seed));
  expect(text(1)).toBe(text(1));
  expect(text(2)).not.toBe(text(1));
});

test("no two spans of different days have the same ids", () => {
  const ids = [...callsOfDay(monday, 1), ...callsOfDay(sunday, 1)].map(
    ({ span }) => `${span.traceId}${span.spanId}`,
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("they are of their day, and few on a Sunday", () => {
  const day = callsOfDay(monday, 1);
  const times = day.map(({ span }) => Number(BigInt(span.startTimeUnixNano) / 1_000_000n));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(monday);
  expect(Math.max(...times)).toBeLessThan(monday + 24 * 3_600_000);
  expect(callsOfDay(sunday, 1).length).toBeLessThan(day.length / 1.5);
});

test("the ledger counts each without a doubt, for somebody, at a known price", async () => {
  const price = await loadPriceCall({ prices: [], discounts: [] });
  const counted = asLedger(sunday);
  expect(counted.length).toBeGreaterThan(100);
  for (const each of counted) {
    if ("not" in each) throw new Error(each.not);
    const step = "call" in each ? each.call : each.run;
    expect(step).toMatchObject({
      user: expect.any(String),
      team: expect.any(String),
      feature: expect.any(String),
    });
    if (!("call" in each)) continue;
    expect(each.call.doubts).toEqual([]);
    if (each.call.status === "ok")
      expect(price(each.call, each.call.timestamp)).not.toMatchObject({ costUsd: null });
  }
});
