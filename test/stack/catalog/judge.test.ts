import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { ownRecordings } from "../../../stack/catalog/files.js";
import { unknownLabels, unknownMetrics } from "../../../stack/catalog/judge.js";
import type { Recording } from "../../../stack/catalog/recording.js";
import { seriesWorld } from "../../../stack/catalog/world.js";
import { type StackInput, stackSchema } from "../../../stack/define.js";
import { analyse } from "../../../stack/promql/index.js";

const facts = { traces: { backend: "tempo", why: "test" }, grafana: { present: true, why: "test" } } as const;

function world(definition: Partial<StackInput> = {}, recordings: Recording[] = []) {
  const stack = stackSchema.parse({ name: "shop", ...definition });
  return seriesWorld({ stack, facts }, makeCatalog([...recordings, ...ownRecordings()]));
}

const api: Recording = {
  program: "api",
  state: "recorded",
  jobs: ["api"],
  labels: ["instance", "job"],
  openLabels: false,
  metrics: { orders_total: { type: "counter", labels: ["channel"] } },
};

const withApi = { scrapeJobs: [{ job: "api", static: ["127.0.0.1:8000"] }] };

const metrics = (query: string, where = world(), records: string[] = []) =>
  unknownMetrics(analyse(query), where, new Set(records)).map(({ severity, at }) => [severity, at]);
const labels = (query: string, where = world()) =>
  unknownLabels(analyse(query), where, new Set()).map(({ severity, at }) => [severity, at]);

describe("a metric that nothing in the stack produces", () => {
  test("is an error at its place when its name is nearly one that something produces", () => {
    expect(metrics("sum(rate(otelcol_exporter_send_faild_spans_total[5m]))")).toEqual([["error", 9]]);
  });

  test("is a warning when it may be an application's own", () => {
    expect(metrics("sum(rate(orders_total[5m]))")).toEqual([["warning", 9]]);
  });

  test("is none when a recording rule writes it", () => {
    expect(metrics("job:orders:rate5m > 1", world(), ["job:orders:rate5m"])).toEqual([]);
  });

  test("is a notice while nothing is recorded of a scrape job that may expose it", () => {
    expect(metrics("orders_total", world(withApi))).toEqual([["notice", 0]]);
    expect(metrics('orders_total{job="api"}', world(withApi))).toEqual([["notice", 0]]);
  });

  test("is known once that job is recorded, and what isn't in the recording is an error", () => {
    expect(metrics('orders_total{job="api"}', world(withApi, [api]))).toEqual([]);
    expect(metrics('order_total{job="api"}', world(withApi, [api]))).toEqual([["error", 0]]);
  });

  test("is an error when its selector names a job nearly called like the one that exposes it, or another known one", () => {
    const workers = { ...api, program: "workers", jobs: ["workers"], metrics: {} };
    const where = world(withApi, [api, workers]);
    expect(metrics('orders_total{job="apii"}', where)).toEqual([["error", 0]]);
    expect(metrics('orders_total{job="workers"}', where)).toEqual([["error", 0]]);
    expect(metrics('orders_total{job="shop/checkout"}', where)).toEqual([]);
  });

  test("is a notice when its selector names a job that isn't the stack's", () => {
    expect(metrics('orders_total{job="shop/checkout"}')).toEqual([["notice", 0]]);
    expect(metrics('orders_total{job=~"a|b"}')).toEqual([["notice", 0]]);
  });

  test("is an error when its selector names a program of the stack, which doesn't expose it", () => {
    expect(metrics('loki_build_info{job="prometheus"}')).toEqual([["error", 0]]);
    expect(metrics('loki_build_info{job=~"prometheus|loki"}')).toEqual([]);
  });

  test("is a notice when it may come from a program that could not be recorded", () => {
    expect(metrics("tempo_live_traces")).toEqual([["notice", 0]]);
    expect(metrics('go_goroutines{job="grafana"}')).toEqual([["notice", 0]]);
  });

  test("is a notice when the program that exposes it isn't part of this stack", () => {
    expect(metrics("node_load1")).toEqual([]);
    expect(metrics("node_load1", world({ host: { enabled: false } }))).toEqual([["notice", 0]]);
  });

  test("is up, of a job that nothing scrapes", () => {
    expect(metrics('up{job="promethues"}')).toEqual([["warning", 0]]);
    expect(metrics('up{job="jaeger"}')).toEqual([["notice", 0]]);
    expect(metrics('up{job=~"prometheus|other"} + up{job="loki"}')).toEqual([]);
    expect(metrics('up{job="api"}', world(withApi))).toEqual([]);
  });

  test("is not looked for where no name is given", () => {
    expect(metrics('{__name__=~"orders_.*"}')).toEqual([]);
  });
});

describe("a label that the series don't have", () => {
  test("is an error where it matches, at its place", () => {
    expect(labels('otelcol_exporter_queue_size{exprter="a"}')).toEqual([["error", 28]]);
  });

  test("is a warning where its matcher leaves nothing out", () => {
    expect(labels('otelcol_exporter_queue_size{kind!="a"}')).toEqual([["warning", 28]]);
    expect(labels('otelcol_exporter_queue_size{kind=""}')).toEqual([["warning", 28]]);
  });

  test("is an error in a grouping", () => {
    expect(labels("sum by (kind) (otelcol_exporter_queue_size)")).toEqual([["error", 8]]);
    expect(labels("sum without (kind) (otelcol_exporter_queue_size)")).toEqual([]);
  });

  test("is fine when something on the way makes it, or one of several series has it", () => {
    expect(
      labels('sum by (k) (label_replace(otelcol_exporter_queue_size, "k", "$1", "job", "(.*)"))'),
    ).toEqual([]);
    expect(
      labels("sum by (code) (otelcol_exporter_queue_size + on(job) prometheus_http_requests_total)"),
    ).toEqual([]);
  });

  test("can't be told of applications, nor of metrics nobody knows", () => {
    expect(labels('http_server_request_duration_seconds_count{anything="x"}')).toEqual([]);
    expect(labels('orders_total{anything="x"}')).toEqual([]);
  });

  test("is judged by the recording of a job", () => {
    expect(labels('orders_total{chanel="web"}', world(withApi, [api]))).toEqual([["error", 13]]);
  });

  test("is only noted while an unrecorded job may expose the same metric", () => {
    expect(labels('go_goroutines{shard="1"}', world(withApi))).toEqual([["notice", 14]]);
  });
});

test("a monstrous query is judged in time", () => {
  const query = Array.from({ length: 3000 }, (_, at) => `sum by (a${at}) (up)`).join(" + ");
  expect(unknownLabels(analyse(query), world(), new Set())).toEqual([]);
});
