import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { contract } from "../../../stack/catalog/contract.js";
import { declaredFolder, ownRecordings, recordedFolder } from "../../../stack/catalog/files.js";
import { type Recording, recordingSchema, recordingText } from "../../../stack/catalog/recording.js";
import { packageVersion } from "../../../stack/package-root.js";
import { services } from "../../../stack/services/index.js";
import { serviceNames } from "../../../stack/services/names.js";
import { versions } from "../../../stack/versions.js";

const catalog = makeCatalog(ownRecordings());

const files = [recordedFolder, declaredFolder].flatMap((folder) =>
  readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })),
);

test.each(files)("$name has the shape of a recording, and the text that recording writes", ({ text }) => {
  const recording = recordingSchema.parse(JSON.parse(text));
  const { incomplete, ...rest } = recording;
  if (!incomplete && recording.state === "recorded") expect(recordingText(rest)).toBe(text);
});

test.each(files)("$name holds nothing of the machine it was made on", ({ text }) => {
  expect(text).not.toMatch(/127\.0\.0\.1|localhost|\/tmp\/|\/root\/|\/home\//);
});

test("every service is in the catalogue, in the version that is pinned", () => {
  const own = ownRecordings();
  for (const service of serviceNames.filter((name) => services[name].metrics)) {
    const recording = own.find(({ jobs }) => jobs?.includes(service));
    expect([...Object.values(versions), packageVersion]).toContain(recording?.version);
  }
});

describe("find", () => {
  test("knows a counter with its help, labels and who exposes it", () => {
    expect(catalog.find("otelcol_receiver_accepted_spans_total")).toMatchObject({
      type: "counter",
      behaves: "counter",
      state: "recorded",
      pending: false,
      producers: [{ program: "otel-collector", jobs: ["otel-collector"] }],
    });
  });

  test("knows the series of a histogram by their suffixes, and its bare name as the metric", () => {
    const name = "traces_span_metrics_duration_seconds";
    expect(catalog.find(`${name}_bucket`)).toMatchObject({
      metric: name,
      part: "bucket",
      behaves: "counter",
      unit: "seconds",
    });
    expect(catalog.labelsOf(`${name}_bucket`)).toContain("le");
    expect(catalog.labelsOf(`${name}_count`)).not.toContain("le");
    expect(catalog.find(`${name}_total`)).toBeUndefined();
  });

  test("knows the quantiles of a summary", () => {
    expect(catalog.find("go_gc_duration_seconds")).toMatchObject({ type: "summary", behaves: "gauge" });
    expect(catalog.labelsOf("go_gc_duration_seconds")).toContain("quantile");
    expect(catalog.find("go_gc_duration_seconds_bucket")).toBeUndefined();
  });

  test("knows what Prometheus makes itself, with whatever labels", () => {
    for (const name of ["up", "scrape_duration_seconds", "ALERTS", "ALERTS_FOR_STATE"]) {
      expect(catalog.find(name)).toBeDefined();
      expect(catalog.labelsOf(name)).toBeUndefined();
    }
  });

  test("tells all programs that expose one name", () => {
    const programs = catalog.find("process_cpu_seconds_total")!.producers.map(({ program }) => program);
    expect(programs).toEqual(expect.arrayContaining(["prometheus", "loki", "alertmanager", "node-exporter"]));
  });

  test("does not take words of JavaScript for metrics", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      expect(catalog.find(name)).toBeUndefined();
  });
});

test("suggest stays among the series of the jobs asked about", () => {
  expect(catalog.suggest("otelcol_exporter_queue_sizes")).toBe("otelcol_exporter_queue_size");
  expect(catalog.suggest("otelcol_exporter_queue_sizes", ["prometheus"])).not.toBe(
    "otelcol_exporter_queue_size",
  );
});

test("a pattern narrows the list", () => {
  expect(catalog.metrics("otelcol_exporter_queue*").map(({ name }) => name)).toEqual([
    "otelcol_exporter_queue_capacity",
    "otelcol_exporter_queue_size",
  ]);
  expect(catalog.metrics("(").length).toBe(0);
});

describe("the contract", () => {
  test("names every metric once, with labels of bounded cardinality, and buckets where it takes them", () => {
    expect(new Set(contract.map(({ name }) => name)).size).toBe(contract.length);
    for (const { name, type, labels, buckets, help } of contract) {
      expect(name).toMatch(type === "counter" ? /_total$/ : /^(?!.*_total$)/);
      expect(labels.filter((label) => /user|trace|request_id|session|prompt/.test(label))).toEqual([]);
      expect(buckets !== undefined).toBe(type === "histogram");
      expect([...(buckets ?? [])].sort((a, b) => a - b)).toEqual(buckets ?? []);
      expect(help).toMatch(/\.$/);
    }
  });

  test("is pending until its metric is recorded from a program", () => {
    const [name, type] = ["llm_cache_entries", "gauge"] as const;
    expect(catalog.find(name)).toMatchObject({ pending: true, state: "declared" });
    const gateway: Recording = {
      program: "gateway",
      state: "recorded",
      labels: [],
      openLabels: false,
      metrics: { [name]: { type, labels: ["provider"] } },
    };
    expect(makeCatalog([gateway]).find(name)).toMatchObject({ pending: false, state: "recorded" });
  });

  test("is kept to the letter by the ledger, as recorded from one that runs", () => {
    const { metrics } = ownRecordings().find(({ program }) => program === "llm-ledger")!;
    const promised = contract.filter(({ producer }) => producer === "ledger");
    expect(promised.length).toBeGreaterThan(10);
    for (const { name, type, help, labels } of promised)
      expect({ name, ...metrics[name] }).toEqual({ name, type, help, labels: [...labels].sort() });
  });
});
