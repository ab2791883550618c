import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../../../stack/package-root.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";
import type { Problem } from "../../../stack/validate/problem.js";

/** What the checks of queries find in some rules, given as they stand in a file. */
function found(...rules: object[]): Problem[] {
  const text = JSON.stringify({ groups: [{ name: "test", rules }] });
  return validateRules({
    sources: [{ path: "rules.yml", absolutePath: "/rules.yml", text }],
    root: "/",
    exists: () => true,
  }).problems.filter(({ id }) => id.startsWith("promql-"));
}

const alert = (expr: string) => found({ alert: "Test", expr });
const ids = (problems: readonly Problem[]) => [...new Set(problems.map(({ id }) => id))].sort();

const pages = readdirSync(join(packageRoot, "docs/checks")).filter((name) => name.startsWith("promql-"));

test.each(pages)("%s shows a bad rule that is found and a good one that passes", (name) => {
  const id = name.replace(".md", "");
  const text = readFileSync(join(packageRoot, "docs/checks", name), "utf8");
  const [bad, good] = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, example]) => parse(example!));
  expect(ids(found(bad))).toContain(id);
  expect(found(good)).toEqual([]);
});

test.each([
  ["promql-regexp", 'rate(a_total{b=~".*"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b!~".*"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b=~"x"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b=~"^x.*$"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b=~"x$y.*"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b=~"x|y|"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b="5.."}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b!="/health.*"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b="x|y"}[5m]) > 1'],
  ["promql-regexp", 'rate(a_total{b=~"5*"}[5m]) > 1'],
  ["promql-comparison", "queue_length"],
  ["promql-comparison", "queue_length > 5 or queue_size"],
  ["promql-comparison", "vector(1) > 2"],
  ["promql-comparison", "rate(a_total[5m]) < 0"],
  ["promql-comparison", "sum(rate(a_total[5m])) >= 0"],
  ["promql-comparison", "up == 2"],
  ["promql-comparison", "hour() > 24"],
  ["promql-rate", "rate(node_memory_free_bytes[5m]) > 1"],
  ["promql-rate", "deriv(a_total[5m]) > 1"],
  ["promql-rate", "avg_over_time(a_total[5m]) > 1"],
  ["promql-rate", "rate(sum(a_total)[5m:]) > 1"],
  ["promql-rate", "rate(a_total[10s]) > 1"],
  ["promql-counter", "sum(a_total) > 5"],
  ["promql-counter", "100 < a_total"],
  ["promql-histogram", "histogram_quantile(0.9, sum(rate(a_bucket[5m]))) > 1"],
  ["promql-histogram", "histogram_quantile(0.9, a_bucket) > 1"],
  ["promql-histogram", "histogram_quantile(95, rate(a_bucket[5m])) > 1"],
  ["promql-histogram", "quantile(50, queue_length) > 1"],
  ["promql-vector-matching", "sum by (a) (x) / on(b) sum by (b) (y) > 1"],
  ["promql-vector-matching", "sum by (a) (x) > 1 and sum(y) > 1"],
  ["promql-absent", "count(up) < 1"],
  ["promql-absent", "sum(rate(a_total[5m])) == 0"],
  ["promql-absent", "absent(sum by (job) (up))"],
  ["promql-cardinality", "sum by (trace_id) (x) > 1"],
  ["promql-impossible", 'queue_length{a="b",a!="b"} > 1'],
  ["promql-impossible", 'queue_length{a="b",a=~"c.*"} > 1'],
  ["promql-impossible", "queue_length > 5 < 3"],
  ["promql-impossible", "queue_length unless (queue_length)"],
  ["promql-nan", "queue_length / 0 > 1"],
  ["promql-nan", "queue_length == NaN"],
  ["promql-performance", '{__name__=~"queue_.*"} > 1'],
  ["promql-performance", "max_over_time(queue_length[1h:]) > 1"],
  ["promql-time", "queue_length @ 1600000000 > 1"],
  ["promql-time", "queue_length @ end() > 1"],
  ["promql-time", "max_over_time(queue_length[1m - 5m]) > 1"],
  ["promql-bool", "avg_over_time((up == 1)[1h:1m]) < 0.9"],
  ["promql-bool", "sum(up == 0) > 1"],
  ["promql-syntax", "queue_length[5m]"],
  ["promql-syntax", '"text"'],
])("%s is found in %s", (id, expr) => {
  expect(ids(alert(expr))).toEqual([id]);
});

test.each([
  "up == 0",
  "vector(1)",
  "job:errors:active",
  "absent(up)",
  "present_over_time(crash_info[5m])",
  "probe_success == 0 unless on(instance) maintenance",
  "increase(a_total[5m]) > 0",
  "a_total unless a_total offset 5m",
  "rate(latency_seconds[5m]) > 1",
  "rate(process_cpu_seconds[5m]) > 1",
  'rate(a_total{code=~"5..|429", path!~"/health.*"}[5m]) > 1',
  'rate(a_total{b=~".+"}[5m]) > 1',
  "sum by (a) (x) / on(a) group_left sum by (a) (y) > 1",
  "sum(x) / sum(y) > 0.5",
  "sum by (a) (x) * on(a) group_left(b) y > 1",
  "sum by (a) (x) > on(a) y",
  "sum by (a) (x) / ignoring(a) group_left sum(y) > 0.1",
  "x > 5 and on() vector(1)",
  "count(up == 1) < 3",
  "count(sum by (user_id) (x)) > 100",
  "sum(up == 1) < 3",
  "queue_length > 10 < 100",
  "queue_length > 0 and queue_length < 5",
  "time() - backup_timestamp_seconds > 3600",
  "(sum(rate(a_total[5m])) or vector(0)) == 0",
  "max_over_time((queue_length > 5)[1h:1m]) > 10",
  "predict_linear(node_filesystem_avail_bytes[6h], 4 * 3600) < 0",
  "deriv(process_resident_memory_bytes[1h]) > 1e6",
  "histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) > 1",
  "histogram_quantile(0.9, rate(a[5m])) > 1",
  "changes(process_start_time_seconds[15m]) > 3",
  "resets(a_total[1h]) > 3",
  "max without (instance) (queue_length) > 5",
])("nothing is found in %s", (expr) => {
  expect(alert(expr)).toEqual([]);
});

test("a rate of a record that sums counters is found", () => {
  const problems = found(
    { record: "job:a:sum", expr: "sum by (job) (a_total)" },
    { alert: "Test", expr: "rate(job:a:sum[5m]) > 1" },
  );
  expect(ids(problems)).toEqual(["promql-rate"]);
});

test("rules about Loki itself, in PromQL, are no errors though they lie in a folder named after it", () => {
  const text = JSON.stringify({
    groups: [{ name: "a", rules: [{ alert: "A", expr: "loki_panic_total > 0" }] }],
  });
  const { problems } = validateRules({
    sources: [{ path: "loki/rules.yml", absolutePath: "/loki/rules.yml", text }],
    root: "/",
    exists: () => true,
  });
  expect(problems.find(({ id }) => id === "logql-syntax")).toMatchObject({ severity: "warning" });
});

test("a finding stands at its place in the query, in a block of YAML as well", () => {
  const text =
    "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: |\n          up == 0\n            and foo(up)\n";
  const { problems } = validateRules({
    sources: [{ path: "rules.yml", absolutePath: "/rules.yml", text }],
    root: "/",
    exists: () => true,
  });
  expect(problems.find(({ id }) => id === "promql-syntax")?.place).toEqual({
    file: "rules.yml",
    line: 7,
    column: 17,
  });
});
