import { judgeAlertCase, judgeRecordCase } from "../../../../stack/alerting/test/judge.js";
import { notOfItsKind } from "../../../../stack/alerting/test/kinds.js";
import type { Fired, Observed } from "../../../../stack/alerting/test/probe.js";

const fired = (...labels: Record<string, string>[]): Fired[] =>
  labels.map((each) => ({ labels: each, annotations: { summary: `about ${each.m}` } }));

function observed(at: Record<number, Fired[]>): Observed {
  return {
    errors: [],
    samples: [],
    alerts: Object.entries(at).map(([minute, fired]) => ({ name: "A", at: Number(minute) * 60_000, fired })),
  };
}

test("true is one alert, false none, a list just these, by the labels that it gives", () => {
  const two = observed({ 5: fired({ m: "a", severity: "critical" }, { m: "b", severity: "critical" }) });
  expect(judgeAlertCase({ firing: { "5m": [{ m: "b" }, { m: "a" }] } }, two)).toEqual([]);
  expect(judgeAlertCase({ firing: { "300s": [{}, { m: "a" }] } }, two)).toEqual([]);
  expect(judgeAlertCase({ firing: { "5m": [{ m: "a" }, { m: "a" }] } }, two)).toHaveLength(1);
  expect(judgeAlertCase({ firing: { "5m": [{ m: "a" }] } }, two)).toHaveLength(1);
  expect(judgeAlertCase({ firing: { "5m": true } }, two)).toEqual([
    { at: "5m", expected: "one alert", got: '{m="a", severity="critical"}\n{m="b", severity="critical"}' },
  ]);
  expect(judgeAlertCase({ firing: { "5m": false } }, observed({ 5: [] }))).toEqual([]);
  expect(
    judgeAlertCase({ firing: { "5m": [{ m: "a", other: "" }] } }, observed({ 5: fired({ m: "a" }) })),
  ).toEqual([]);
});

test("only the annotations that a case gives are compared, of the first alert that fires", () => {
  const seen = observed({ 1: [], 5: fired({ m: "a" }) });
  const firing = { "1m": false, "5m": true };
  expect(judgeAlertCase({ firing, annotations: { summary: "about a" } }, seen)).toEqual([]);
  expect(judgeAlertCase({ firing, annotations: { summary: "about b", other: "x" } }, seen)).toEqual([
    { at: "5m", expected: "summary: about b", got: "summary: about a" },
    { at: "5m", expected: "other: x", got: "no annotation other" },
  ]);
  expect(judgeAlertCase({ firing: { "1m": false }, annotations: { summary: "x" } }, seen)).toHaveLength(1);
});

test("a situation that can't be simulated never passes", () => {
  const broken = { errors: ["rule: A, err: many-to-many"], alerts: [], samples: [] };
  expect(judgeAlertCase({ firing: { "5m": false } }, broken)).toHaveLength(1);
  expect(judgeRecordCase({ gives: { "5m": {} } }, broken)).toHaveLength(1);
});

test("samples of a record are compared to six digits, and each has to be there", () => {
  const seen: Observed = {
    errors: [],
    alerts: [],
    samples: [{ expr: "r", at: 60_000, samples: [{ labels: { m: "a" }, value: 0.1 + 0.2 }] }],
  };
  expect(judgeRecordCase({ gives: { "1m": { '{m="a"}': 0.3 } } }, seen)).toEqual([]);
  expect(judgeRecordCase({ gives: { "1m": { '{m="a"}': 0.3001 } } }, seen)).toEqual([
    { at: "1m", expected: '{m="a"} 0.3001', got: '{m="a"} 0.30000000000000004' },
  ]);
  expect(judgeRecordCase({ gives: { "1m": {} } }, seen)).toHaveLength(1);
  expect(judgeRecordCase({ gives: { "1m": { "{}": 0.3 } } }, seen)).toHaveLength(1);
});

const one = { name: "x", series: {} };

test("a case has to show what its kind says", () => {
  expect(notOfItsKind({ ...one, kind: "fires", firing: { "5m": [] } })).toMatch("at no time");
  expect(notOfItsKind({ ...one, kind: "fires", firing: { "1m": false, "5m": true } })).toBeUndefined();
  expect(notOfItsKind({ ...one, kind: "quiet", firing: { "5m": true } })).toMatch("quiet");
  expect(notOfItsKind({ ...one, kind: "resolves", firing: { "10m": false, "2m": true } })).toBeUndefined();
  expect(notOfItsKind({ ...one, kind: "resolves", firing: { "1m": false, "2m": true } })).toMatch(
    "later not",
  );
  expect(notOfItsKind({ ...one, kind: "no data", firing: {} })).toMatch("no time");
});
