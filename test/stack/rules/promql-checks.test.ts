import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { stackSchema } from "../../../stack/define.js";
import { packageRoot } from "../../../stack/package-root.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
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
  ["promql-comparison", "rate(a_total[5m]) > bool 5"],
  ["promql-comparison", "queue_length > 5 or vector(0)"],
  ["promql-comparison", "rate(a_total[5m]) and on(job) rate(b_total[5m])"],
  ["promql-comparison", 'sum(rate(a_total{b="c"}[5m])) / sum(rate(a_total[5m])) > 5'],
  ["promql-comparison", '100 * sum(rate(a_total{b="c"}[5m])) / sum(rate(a_total[5m])) > 0.05'],
  ["promql-comparison", "node_filesystem_avail_bytes / node_filesystem_size_bytes < 10"],
  ["promql-comparison", "(1 - disk_free_bytes / disk_size_bytes) * 100 > 0.9"],
  ["promql-comparison", "cache_hit_ratio < 90"],
  ["promql-comparison", "disk_used_percent > 120"],
  ["promql-comparison", '100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > 0.8'],
  ["promql-comparison", "(sum(queue_length) or vector(0)) > 80"],
  ["promql-comparison", "queue_length > queue_length"],
  ["promql-comparison", "sum(queue_length) >= (sum(queue_length))"],
  ["promql-impossible", "queue_length > 5 and queue_length < 3"],
  ["promql-rate", "rate(max by (a) (b_total)[5m:]) > 1"],
  ["promql-histogram", "histogram_quantile(0.9, sum by (le) (a_bucket)) > 1"],
  ["promql-vector-matching", 'up{job="a"} == 0 unless sum(maintenance)'],
  ["promql-vector-matching", "queue_length / sum by (job) (queue_limit) > 1"],
  ["promql-vector-matching", "sum by (a) (x) / ignoring(b) group_left sum by (c) (y) > 1"],
  ["promql-vector-matching", "sum by (a, b) (x) / on(a) sum by (a) (y) > 1"],
  ["promql-vector-matching", "sum by (a) (x) * on(a) group_left(b) sum by (a) (y) > 1"],
  ["promql-vector-matching", "sum(x) / on(a) sum(y) > 1"],
  ["promql-vector-matching", "x > 1 and on(a) y * on(b) group_left(c) z"],
  ["promql-vector-matching", "(sum by (a) (x) or vector(0)) == 0"],
  ["promql-vector-matching", "sum by (a) (queue_length or vector(0)) > 1"],
  ["promql-impossible", "avg by (a) (sum by (b) (x)) > 1"],
  ["promql-impossible", "avg without (a) (sum by (b) (x)) > 1"],
  ["promql-impossible", 'queue_length{a=~"b|c",a=~"d|e"} > 1'],
  ["promql-nan", "sum(x / y) > 1"],
  ["promql-nan", "avg(x % on(b) y) > 1"],
  ["promql-nan", "sum(x / clamp_min(y, 0)) > 1"],
  ["promql-bool", "up == 0 and on(job) queue_length > bool 5"],
  ["promql-bool", "count(up == bool 1) < 3"],
  ["promql-counter", "sum(a_total) / sum(b_total) > 0.1"],
  ["promql-counter", "latency_seconds_sum / latency_seconds_count > 1"],
  ["promql-counter", "a_total - a_total offset 5m > 10"],
  ["promql-histogram", "histogram_quantile(0.9, sum by (le) (rate(a_sum[5m]))) > 1"],
  ["promql-histogram", "histogram_avg(rate(a_bucket[5m])) > 1"],
  ["promql-histogram", "avg(histogram_quantile(0.9, sum by (le, a) (rate(a_bucket[5m])))) > 1"],
  ["promql-histogram", 'sum by (job) (latency_seconds{quantile="0.9"}) > 1'],
  ["promql-absent", "rate(a_total[5m]) == 0"],
  ["promql-absent", "sum by (job) (rate(a_total[5m])) <= 0"],
  ["promql-cardinality", 'count_values("v", queue_length) > 1'],
  ["promql-cardinality", 'count_values by (a) ("a", queue_length) > 1'],
  ["promql-fragile", "topk(3, queue_length > 5)"],
  ["promql-regexp", 'up{job!~".+"} == 0'],
  ["promql-regexp", 'up{job=~"(a)"} == 0'],
  ["promql-regexp", 'up{job=~"^a|b$"} == 0'],
  ["promql-regexp", 'up{job=~"shop_.*_prod"} == 0'],
  ["promql-time", "rate(a_total[300]) > 1"],
  ["promql-time", "queue_length offset 300 > 1"],
  ["promql-time", "max_over_time(queue_length[5m:10m]) > 1"],
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
  "absent(up) == 1",
  "queue_length / (time() - queue_begun_timestamp_seconds) > 1",
  "queue_length != queue_length",
  'queue_length{a="b"} > on(c) queue_length{a="d"}',
  "queue_length > queue_length offset 5m",
  "queue_length > 3 and queue_length < 5",
  "rate(max by (a) (b)[5m:]) > 1",
  "count(queue_length > 5) > 0",
  'sum(rate(a_total{b="c"}[5m])) / sum(rate(a_total[5m])) > 0.05',
  '100 * sum(rate(a_total{b="c"}[5m])) / sum(rate(a_total[5m])) > 5',
  'sum(rate(a_total{b="c"}[5m])) / sum(rate(a_total{d="e"}[5m])) > 5',
  "sum(rate(a_sum[5m])) / sum(rate(a_count[5m])) > 5",
  "node_load1 / count without (cpu, mode) (node_cpu_info) > 5",
  "up == 0 unless on(job) maintenance",
  "rate(a_total[5m]) > 5 and on(job) rate(b_total[5m]) > 5",
  "queue_length / on(instance) sum by (instance) (queue_limit) > 1",
  "queue_length * on(instance) group_left(nodename) node_uname_info > 3",
  "sum by (a) (x) / ignoring(a) group_left sum(y) > 1",
  "sum(queue_length or vector(0)) > 1",
  "sum(x / (y > 0)) > 1",
  "sum(x / clamp_min(y, 1)) > 1",
  "sum(x) / sum(y) > 1",
  "max(x / y) > 1",
  "sum(up == bool 0) > 3",
  "sum(topk(3, queue_length)) > 5",
  'count(count_values("version", build_info)) > 1',
  "histogram_avg(rate(latency_seconds[5m])) > 1",
  'up{job=~"a|b"} == 0',
  'http_up{path=~"/api/.*"} == 0',
  "max_over_time(queue_length[1h:5m] offset 0s) > 1",
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

test.each([
  ["promql-vector-matching", { expr: "sum by (job) (x) / cluster:a:sum > 1" }],
  ["promql-vector-matching", { expr: 'x{instance="a"} / cluster:a:sum > 1' }],
  ["promql-impossible", { expr: 'cluster:a:sum{instance="a"} > 1' }],
  ["promql-impossible", { expr: "sum by (instance) (cluster:a:sum) > 1" }],
  ["promql-performance", { expr: "sum(a) by (cluster,job) > 1" }],
])("the labels and the query of a record are known: %s in %j", (id, rule) => {
  const record = { record: "cluster:a:sum", expr: "sum by (job, cluster) (a)" };
  expect(ids(found(record, { alert: "Test", ...rule }))).toEqual([id]);
});

test("labels of a record are those its rule sets, too, and may be any where it is made of itself", () => {
  const use = { alert: "Test", expr: 'sum by (team) (job:a:sum{team="b"}) > 1' };
  expect(found({ record: "job:a:sum", expr: "sum by (job) (a)", labels: { team: "b" } }, use)).toEqual([]);
  expect(found({ record: "job:a:sum", expr: "job:a:sum + sum by (job) (a)" }, use)).not.toEqual([]);
  expect(found({ record: "job:a:sum", expr: "job:a:sum * 2" }, use)).toEqual([]);
});

test("a counter is known through its record", () => {
  const record = { record: "job:a:sum", expr: "sum by (job) (a_total)" };
  expect(ids(found(record, { alert: "Test", expr: "job:a:sum > 5" }))).toEqual(["promql-counter"]);
  expect(
    found(
      { record: "job:a:rate5m", expr: "sum by (job) (rate(a_total[5m]))" },
      { alert: "Test", expr: "job:a:rate5m > 5" },
    ),
  ).toEqual([]);
});

test("the few largest aren't to be recorded, and sums of recorded quotients may be NaN", () => {
  expect(ids(found({ record: "job:a:top", expr: "topk(3, a)" }))).toEqual(["promql-fragile"]);
  expect(
    ids(found({ record: "job:a:ratio", expr: "a / b" }, { record: "all:a:sum", expr: "sum(job:a:ratio)" })),
  ).toEqual(["promql-nan"]);
});

test("ranges and offsets end where samples do, and where the team wants them to", () => {
  const judge = (expr: string, checks: object) => {
    const stack = stackSchema.parse({ name: "shop", metrics: { retention: "15d" }, alerting: { checks } });
    return validateRules({
      sources: [
        {
          path: "rules.yml",
          absolutePath: "/rules.yml",
          text: JSON.stringify({ groups: [{ name: "test", rules: [{ alert: "Test", expr }] }] }),
        },
      ],
      root: "/",
      exists: () => true,
      wants: (id) => id === "promql-time",
      surroundings: surroundingsOf(stack),
    }).problems.map(({ what }) => what);
  };
  expect(judge("max_over_time(a[20d]) > 1", {})).toEqual([
    "`20d` reaches further back than samples are kept.",
  ]);
  expect(judge("a offset 3w > 1", {})).toHaveLength(1);
  expect(judge("max_over_time(a[10d] offset 10d) > 1", {})).toHaveLength(1);
  expect(judge("max_over_time(a[10d]) > 1", {})).toEqual([]);
  expect(judge("max_over_time(a[10d]) > 1", { maxRange: "1d" })).toEqual([
    "`10d` reaches further back than the 1d that are agreed on.",
  ]);
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
  expect(problems.filter(({ id }) => id === "logql-syntax")).toEqual([]);
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

describe("an alert without for", () => {
  const judge = (rule: object) =>
    validateRules({
      sources: [
        {
          path: "rules.yml",
          absolutePath: "/rules.yml",
          text: JSON.stringify({ groups: [{ name: "test", rules: [{ alert: "Test", ...rule }] }] }),
        },
      ],
      root: "/",
      exists: () => true,
      wants: (id) => id === "alert-for",
    }).problems.map(({ severity, what }) => `${severity} ${what}`);
  const ratio = "sum(rate(a_total[5m])) / sum(rate(b_total[5m])) > 0.1";

  test("is found where it is about a ratio or about what is missing", () => {
    expect(judge({ expr: ratio })).toEqual([expect.stringContaining("warning The alert")]);
    expect(judge({ expr: ratio, for: "0s" })).toHaveLength(2);
    expect(judge({ expr: "absent(up)" })).toEqual([expect.stringContaining("notice The alert")]);
  });

  test.each([
    { expr: ratio, for: "5m" },
    { expr: "absent(up)", for: "5m" },
    { expr: `${ratio} and sum(rate(a_total[1h])) / sum(rate(b_total[1h])) > 0.1` },
    { expr: "a / b > 0.9" },
    { expr: "up == 0" },
  ])("is left in peace in %j", (rule) => {
    expect(judge(rule)).toEqual([]);
  });

  test("that keeps firing with the value in a label is found", () => {
    const rule = { expr: "up == 0", keep_firing_for: "5m", labels: { a: "{{ $value }}" } };
    expect(judge(rule)).toEqual([expect.stringContaining("each former alert goes on firing")]);
    expect(judge({ ...rule, labels: { a: "b" } })).toEqual([]);
  });
});
