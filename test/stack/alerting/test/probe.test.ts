import { readJunit, readLabels } from "../../../../stack/alerting/test/junit.js";
import { testFile } from "../../../../stack/alerting/test/probe.js";

test("a probe becomes a test file that expects what can't be, so that promtool says what there is", () => {
  const probe = {
    id: "r0-1",
    rules: "groups: []",
    groups: ["a", "b"],
    series: { 'up{job="api"}': "1x5 0x10" },
    interval: 30_000,
    alerts: [{ name: "ApiDown", at: 600_000 }],
    samples: [{ expr: "job:up:sum", at: 0 }],
  };
  expect(JSON.parse(testFile(probe, "rules-0.yml"))).toEqual({
    rule_files: ["rules-0.yml"],
    evaluation_interval: "30000ms",
    group_eval_order: ["a", "b"],
    tests: [
      {
        name: "r0-1",
        interval: "30000ms",
        input_series: [{ series: 'up{job="api"}', values: "1x5 0x10" }],
        alert_rule_test: [
          { eval_time: "600000ms", alertname: "ApiDown", exp_alerts: [{ exp_labels: { obs_probe: "1" } }] },
        ],
        promql_expr_test: [
          {
            expr: "job:up:sum",
            eval_time: "0ms",
            exp_samples: [{ labels: '{obs_probe="1"}', value: 1 }],
          },
        ],
      },
    ],
  });
});

const suite = (failures: string) =>
  `<testsuites><testsuite name="r0-1.json" tests="1" failures="1" errors="0" skipped="0"><testcase name="r0-1">${failures}</testcase></testsuite></testsuites>`;

function seen(failures: string) {
  return readJunit(suite(failures)).get("r0-1");
}

test("alerts are read from promtool's complaint, with quotes, line breaks and braces in their texts", () => {
  const complaint =
    "<failure>    name: r0-1,&#xA;    alertname: Slow, time: 1h30m, &#xA;        exp:[&#xA;            0:&#xA;              Labels:{alertname=&#34;Slow&#34;, obs_probe=&#34;1&#34;}&#xA;              Annotations:{}&#xA;            ], &#xA;        got:[&#xA;            0:&#xA;              Labels:{alertname=&#34;Slow&#34;, model=&#34;a, b={}&#34;}&#xA;              Annotations:{summary=&#34;&lt;a&gt; \\&#34;x\\&#34;\\nat 10%&#34;}&#xA;            ,&#xA;            1:&#xA;              Labels:{alertname=&#34;Slow&#34;}&#xA;              Annotations:{}&#xA;            ]</failure>";
  expect(seen(complaint)).toEqual({
    errors: [],
    samples: [],
    alerts: [
      {
        name: "Slow",
        at: 5_400_000,
        fired: [
          { labels: { model: "a, b={}" }, annotations: { summary: '<a> "x"\nat 10%' } },
          { labels: {}, annotations: {} },
        ],
      },
    ],
  });
});

test("no alert, no sample, infinities and exponents are read as what they are", () => {
  const none =
    "<failure>    name: r0-1,&#xA;    alertname: A, time: 0s, &#xA;        exp:[&#xA;            0:&#xA;              Labels:{}&#xA;              Annotations:{}&#xA;            ], &#xA;        got:[]</failure>";
  const nil =
    "<failure>    expr: &#34;a:b&#34;, time: 5m,&#xA;        exp: {obs_probe=&#34;1&#34;} 1E+00&#xA;        got: nil</failure>";
  const two =
    "<failure>    expr: &#34;a:b&#34;, time: 6m,&#xA;        exp: {obs_probe=&#34;1&#34;} 1E+00&#xA;        got: {__name__=&#34;a:b&#34;, m=&#34;x} 1, {&#34;} 3.5E+01, {} +Inf</failure>";
  expect(seen(none + nil + two)).toEqual({
    errors: [],
    alerts: [{ name: "A", at: 0, fired: [] }],
    samples: [
      { expr: "a:b", at: 300_000, samples: [] },
      {
        expr: "a:b",
        at: 360_000,
        samples: [
          { labels: { m: "x} 1, {" }, value: 35 },
          { labels: {}, value: Number.POSITIVE_INFINITY },
        ],
      },
    ],
  });
});

test("what is no comparison is an error in promtool's words", () => {
  expect(seen("<failure>    rule: A, time: 1m0s, err: found duplicate series</failure>")?.errors).toEqual([
    "rule: A, time: 1m0s, err: found duplicate series",
  ]);
  expect(seen("<error>yaml: no</error>")?.errors).toEqual(["yaml: no"]);
});

test.each([
  ["{}", {}],
  ["", {}],
  ['{job="api", "http.status"="5\\"x"}', { job: "api", "http.status": '5"x' }],
])("labels %s are read", (text, labels) => {
  expect(readLabels(text)).toEqual(labels);
});
