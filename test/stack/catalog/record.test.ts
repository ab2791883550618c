import type { PrometheusApi } from "../../../stack/catalog/prometheus-api.js";
import { record, withOccasional } from "../../../stack/catalog/record.js";
import { type Recording, recordingText } from "../../../stack/catalog/recording.js";

/** A Prometheus that knows these series of one job, and metadata of scraped metrics. */
function playedApi(
  series: Record<string, string>[],
  metadata: { metric: string; type: string; help: string; unit: string }[] = [],
  records: string[] = [],
): PrometheusApi {
  return {
    jobs: async () => ["api"],
    metadata: async () => metadata,
    series: async () => series,
    records: async () => records,
  };
}

const target = { job: "api", instance: "10.0.0.1:80" };

test("series become metrics: names, types, help and labels, but no values", async () => {
  const recording = await record({
    api: playedApi(
      [
        { __name__: "up", ...target },
        { __name__: "orders_total", ...target, channel: "web" },
        { __name__: "orders_total", ...target, channel: "shop", region: "eu" },
        { __name__: "wait_seconds_bucket", ...target, le: "0.5" },
        { __name__: "wait_seconds_sum", ...target },
        { __name__: "wait_seconds_count", ...target },
        { __name__: "gc_seconds", ...target, quantile: "0.5" },
        { __name__: "job:orders:rate5m", ...target },
      ],
      [
        { metric: "orders_total", type: "counter", help: "Orders. ", unit: "" },
        { metric: "wait_seconds", type: "histogram", help: "Waiting.", unit: "seconds" },
        { metric: "gc_seconds", type: "summary", help: "", unit: "" },
      ],
      ["job:orders:rate5m"],
    ),
    program: "api",
    jobs: ["api"],
  });
  expect(recording).toEqual({
    program: "api",
    state: "recorded",
    jobs: ["api"],
    labels: ["instance", "job"],
    openLabels: false,
    metrics: {
      orders_total: { type: "counter", help: "Orders.", labels: ["channel", "region"] },
      wait_seconds: { type: "histogram", help: "Waiting.", unit: "seconds", labels: [] },
      gc_seconds: { type: "summary", labels: [] },
    },
  });
  expect(recordingText(recording)).not.toMatch(/web|10\.0\.0\.1/);
});

test("without metadata, as of what comes over OTLP, names and labels tell the types", async () => {
  const { metrics } = await record({
    api: playedApi([
      { __name__: "orders_total", ...target },
      { __name__: "active", ...target },
      { __name__: "wait_seconds_bucket", ...target, le: "1" },
      { __name__: "wait_seconds_count", ...target },
      { __name__: "page_count", ...target },
      { __name__: "target_info", ...target },
    ]),
    program: "api",
    jobs: ["api"],
  });
  expect(Object.entries(metrics).map(([name, { type }]) => [name, type])).toEqual([
    ["orders_total", "counter"],
    ["active", "gauge"],
    ["wait_seconds", "histogram"],
    ["page_count", "gauge"],
    ["target_info", "info"],
  ]);
});

describe("what an earlier recording had and this one lacks", () => {
  const of = (labels: string[], metrics: Recording["metrics"], version = "1"): Recording => ({
    program: "api",
    version,
    state: "recorded",
    labels,
    openLabels: false,
    metrics,
  });
  const before = of(["instance", "job", "zone"], {
    often: { type: "gauge", labels: [] },
    failures_total: { type: "counter", labels: ["reason"] },
  });
  const now = of(["instance", "job"], { often: { type: "gauge", labels: ["shard"] } });

  test("stays as occasional, with the labels it had", () => {
    expect(withOccasional(now, before).metrics).toEqual({
      often: { type: "gauge", labels: ["shard", "zone"] },
      failures_total: { type: "counter", labels: ["reason", "zone"], occasional: true },
    });
  });

  test("is forgotten when the version is another", () => {
    expect(withOccasional({ ...now, version: "2" }, before).metrics).toEqual(now.metrics);
  });
});

test("a recording's text is the same whatever order things came in", () => {
  const one: Recording = {
    program: "api",
    state: "recorded",
    labels: ["job", "instance"],
    openLabels: false,
    metrics: { b: { type: "gauge", labels: ["y", "x"] }, a: { type: "counter", labels: [] } },
  };
  const other: Recording = {
    ...one,
    labels: ["instance", "job"],
    metrics: { a: { type: "counter", labels: [] }, b: { type: "gauge", labels: ["x", "y"] } },
  };
  expect(recordingText(one)).toBe(recordingText(other));
});
