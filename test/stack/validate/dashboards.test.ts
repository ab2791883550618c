import { excerpt, readPromql } from "../../../stack/validate/dashboards/promql.js";
import { queriesOf } from "../../../stack/validate/dashboards/queries.js";
import { fillings, isBuiltIn, mentionsIn } from "../../../stack/validate/dashboards/variables.js";

const dashboard = {
  uid: "d",
  title: "D",
  templating: {
    list: [
      { name: "quantile", type: "custom", query: "0.5,0.9" },
      { name: "window", type: "interval", query: "10m,1h" },
      { name: "job", type: "query", query: { query: "label_values(up, job)", refId: "A" } },
      { name: "source", type: "datasource", query: "loki" },
    ],
  },
  annotations: {
    list: [
      { name: "Deploys", expr: "changes(up[5m])" },
      { name: "Built in", builtIn: 1 },
    ],
  },
  panels: [
    { title: "One", targets: [{ refId: "A", expr: "up" }, { expr: "" }] },
    { type: "row", title: "Row", panels: [{ title: "Two", targets: [{ refId: "B", expr: "go_info" }] }] },
    { title: "Logs", datasource: { uid: "loki" }, targets: [{ refId: "A", expr: "{a=`b`}" }] },
    { title: "Either", datasource: { uid: "${source}" }, targets: [{ refId: "A", expr: "{a=`b`}" }] },
    { title: "Foreign", datasource: { type: "mysql", uid: "x" }, targets: [{ refId: "A", expr: "?" }] },
    { title: "Broken", targets: "none" },
  ],
};

test("every query is found with its language, in rows, variables and annotations, too", () => {
  expect(queriesOf(dashboard, "tempo").map(({ keyPath, language }) => [keyPath, language])).toEqual([
    ['dashboards["d"].panels["One"].targets["A"].expr', "promql"],
    ['dashboards["d"].panels["Two"].targets["B"].expr', "promql"],
    ['dashboards["d"].panels["Logs"].targets["A"].expr', "logql"],
    ['dashboards["d"].panels["Either"].targets["A"].expr', "logql"],
    ['dashboards["d"].panels["Foreign"].targets["A"].expr', undefined],
    ['dashboards["d"].variables["job"].query', "promql"],
    ['dashboards["d"].annotations["Deploys"].expr', "promql"],
  ]);
});

test("variables are found however they are written, and groups of regular expressions aren't taken for them", () => {
  expect(
    mentionsIn("$a ${b} ${c:regex} ${d.text} [[e]] [[f:csv]] $1 ${2} 5$").map(({ name }) => name),
  ).toEqual([..."abcdef"]);
});

test("variables are filled in by where they stand", () => {
  const texts = (query: string) => fillings(query, dashboard).map(({ text }) => text);
  expect(texts("rate(up[$__rate_interval])")).toEqual(["rate(up[5m])"]);
  expect(texts("rate(up[$window])")).toEqual(["rate(up[10m])"]);
  expect(texts("quantile_over_time($quantile, up[$unknown])")).toEqual(["quantile_over_time(0.5, up[5m])"]);
  expect(texts('up{job=~"$job"}')).toEqual(['up{job=~"obs_any_value"}']);
  expect(texts("topk($n, up)")).toEqual(["topk(obs_any_value, up)", "topk(1, up)", "topk(5m, up)"]);
});

test("places of a filled query lead back to the query as it is written", () => {
  const query = 'rate(up{job="$job"}[$__rate_interval]) + missing';
  const [filled] = fillings(query, dashboard);
  expect(filled!.originalOf(filled!.text.indexOf("missing"))).toBe(query.indexOf("missing"));
  expect(filled!.originalOf(filled!.text.indexOf("obs_any_value") + 3)).toBe(query.indexOf("$job"));
});

test("a name may be a variable, and so may a number", () => {
  const read = (text: string) =>
    readPromql({ text, language: "promql", of: "", keyPath: "", kind: "panel" }, dashboard)!.analysis.errors;
  expect(read("sum by ($label) (up)")).toEqual([]);
  expect(read("topk($n, up)")).toEqual([]);
  expect(read("sum(up")).toHaveLength(1);
});

test("the functions of variables are Grafana's own", () => {
  const read = (text: string) =>
    readPromql({ text, language: "promql", of: "", keyPath: "", kind: "variable" }, dashboard);
  expect(read("label_names()")).toBeUndefined();
  expect(read("label_values(job)")).toBeUndefined();
  expect(read('label_values(up{job=~"a,b"}, instance)')).toMatchObject({
    label: { name: "instance", at: 29 },
  });
  expect(read("query_result(topk(5, up))")!.analysis.errors).toEqual([]);
});

test("an excerpt shows the line and the place, cut to what can be read", () => {
  expect(excerpt("a\n  b c", 6)).toEqual(["  b c", "    ^"]);
  const [line, caret] = excerpt(`${"x".repeat(200)}!${"y".repeat(200)}`, 200);
  expect(line!.length).toBeLessThan(100);
  expect(line![caret!.length - 1]).toBe("!");
});

test("a variable of Grafana's own is known, and one that is nearly one is not", () => {
  const names = ["__rate_interval", "__rate_intervall", "__rangee", "__field", "__url_time_range", "job"];
  expect(names.filter(isBuiltIn)).toEqual(["__rate_interval", "__field", "__url_time_range"]);
});
