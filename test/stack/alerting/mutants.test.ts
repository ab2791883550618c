import { alert, record } from "../../../stack/alerting/define-rules.js";
import { ruleMutants } from "../../support/mutate-alerts.js";

const rule = alert("Errors", {
  expr: 'sum by (job, model) (rate(errors_total{status="500",job="a"}[5m])) / sum by (job, model) (rate(calls_total{job="a"}[5m])) > 0.05',
  for: "10m",
  severity: "warning",
  summary: "s",
  description: "d",
  cases: [],
});

const described = (expr: string, seed = 1) =>
  ruleMutants(record("a:b:c", { expr }), seed).map(({ how, rule }) => [how, rule.expr]);

test("the same seed makes the same mutants, all of them valid and different", () => {
  const mutants = ruleMutants(rule, 1);
  expect(ruleMutants(rule, 1)).toEqual(mutants);
  expect(ruleMutants(rule, 2)).not.toEqual(mutants);
  expect(new Set(mutants.map(({ rule }) => JSON.stringify(rule))).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ kind }) => kind))).toEqual(
    new Set(["operator", "threshold", "window", "label", "for"]),
  );
});

test("a label is dropped with its comma, a matcher that stands in several selectors also from all of them", () => {
  const labels = ruleMutants(rule, 1)
    .filter(({ kind }) => kind === "label")
    .map(({ how, rule }) => [how, rule.expr.replaceAll(/rate\(|\)$/g, "")]);
  expect(labels.map(([how]) => how)).toEqual([
    "label without job at 8",
    "label without model at 11",
    "label without job at 77",
    "label without model at 80",
    'label without status="500" at 39',
    'label without job="a" at 51',
    'label without job="a" at 107',
    'label without job="a" everywhere',
  ]);
  expect(labels[0]![1]).toMatch(/^sum by \(model\)/);
  expect(labels[1]![1]).toMatch(/^sum by \(job\)/);
  expect(labels[7]![1]).toMatch(/errors_total\{status="500"\}.*calls_total\{\}/);
});

test("a boundary is moved only where values are whole and can stand on it", () => {
  expect(described("sum(up) < 2")).toEqual([
    ["operator < -> > at 8", "sum(up) > 2"],
    ["operator < -> <= at 8", "sum(up) <= 2"],
    ["threshold 2 -> 3 at 10", "sum(up) < 3"],
    ["threshold 2 -> 1 at 10", "sum(up) < 1"],
  ]);
  expect(described("rate(x[5m]) > 2").map(([, expr]) => expr)).not.toContain("rate(x[5m]) >= 2");
});

test("a matcher is not dropped from one side of an and whose other side requires it", () => {
  expect(described('x{a="1"} / 2 == 0 and (y{a="1"})').filter(([how]) => how!.startsWith("label"))).toEqual([
    ['label without a="1" everywhere', "x{} / 2 == 0 and (y{})"],
  ]);
  expect(described('x{a="1"} and on (b) y{a="1"}').filter(([how]) => how!.startsWith("label"))).toHaveLength(
    4,
  );
});
