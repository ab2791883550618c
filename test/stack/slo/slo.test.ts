import { join } from "node:path";
import { llmSlos, serviceSlos } from "../../../alerts/index.js";
import { packFile } from "../../../stack/alerting/render-pack.js";
import { stackSchema } from "../../../stack/define.js";
import { packageRoot } from "../../../stack/package-root.js";
import { analyse } from "../../../stack/promql/index.js";
import type { SloInput, SloPack } from "../../../stack/slo/define-slo.js";
import { slo } from "../../../stack/slo/slo.js";
import { readTree, updating, writeTree } from "../../support/golden.js";

const context = {
  stack: stackSchema.parse({ name: "shop" }),
  facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } } as const,
};

const promise: SloInput = {
  service: "checkout",
  name: "availability",
  objective: 99.9,
  owner: "shop",
  description: "Checkouts succeed",
  indicator: {
    errors: (window) => `sum(rate(checkouts_total{result="failed"}[${window}]))`,
    total: (window) => `sum(rate(checkouts_total[${window}]))`,
  },
};

test("SLOs of every kind of indicator render to these rules", () => {
  const packs = [
    slo(promise),
    slo({
      ...promise,
      name: "good-events",
      window: "28d",
      minimumEvents: 20,
      indicator: {
        good: (window) => `sum(increase(checkouts_total{result="ok"}[${window}]))`,
        total: (window) => `sum(increase(checkouts_total[${window}]))`,
      },
    }),
    slo({
      ...promise,
      name: "latency",
      objective: 99,
      indicator: {
        latency: { histogram: "llm_request_duration_seconds", threshold: 5, match: 'feature="checkout"' },
      },
    }),
    slo({
      ...promise,
      name: "raw",
      window: "7d",
      alerts: { page: [{ long: "2h", short: "10m", budget: 5 }], ticket: [] },
      indicator: { raw: (window) => `1 - avg_over_time(probe_success[${window}])` },
    }),
    ...llmSlos({ availability: false, latency: false, firstToken: false }),
  ];
  const files = Object.fromEntries(packs.map((pack) => [`${pack.name}.yml`, packFile(pack, context).text]));
  const golden = join(packageRoot, "test", "golden", "slo");
  if (updating) writeTree(golden, files);
  expect(files).toEqual(readTree(golden));
});

test("every expression of the packs that come with obs is PromQL", () => {
  const packs = [
    ...llmSlos({ match: 'feature=~"chat|search", team="a"' }),
    ...serviceSlos({ service: "checkout", owner: "shop", latency: { objective: 95, seconds: 1 } }),
  ];
  expect(packs.map(({ name }) => name)).toEqual([
    "slo-llm-availability",
    "slo-llm-latency",
    "slo-llm-first-token",
    "slo-llm-cost-per-call",
    "slo-checkout-availability",
    "slo-checkout-latency",
  ]);
  for (const pack of packs) {
    expect((pack as SloPack).faults).toEqual([]);
    for (const { expr } of pack.groups.flatMap(({ rules }) => rules))
      expect(analyse(expr).errors).toEqual([]);
  }
});

test("a threshold of the LLM objectives that ends no bucket is told", () => {
  const [pack] = llmSlos({ availability: false, latency: { objective: 95, seconds: 4 } }) as SloPack[];
  expect(pack!.faults).toMatchObject([{ severity: "error", key: "indicator.latency.threshold" }]);
  expect(pack!.faults[0]!.next).toMatch(/^Take 3 or 5;/);
  expect(pack!.groups).toEqual([]);
});

test("texts of the user's can't become templates, and end as sentences", () => {
  const pack = slo({ ...promise, description: "{{ .Secret }} answers" });
  const [alert] = pack.groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === "alert");
  expect(alert!.description).toMatch(
    /^\{\{ "\{\{" \}\} \.Secret \}\} answers\. Objective: 99\.9 % over 30d\./,
  );
});

test("pairs that not even a complete outage can reach are left out, and the others stay", () => {
  const pack = slo({ ...promise, objective: 90 });
  const [page] = pack.groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === "alert");
  expect(pack.faults).toEqual([]);
  expect(page!.expr).not.toContain("14.4");
  expect(page!.expr).toContain("/ 0.1 > 6");
});

test.each([
  ["nothing", {}],
  ["a null indicator", { ...promise, indicator: null }],
  ["texts for numbers", { ...promise, objective: "99.9", minimumEvents: "many" }],
  ["a query that throws", { ...promise, indicator: { raw: () => JSON.parse("no JSON") } }],
  ["a text for a query", { ...promise, indicator: { raw: "sum(rate(x[5m]))" } }],
  ["two indicators", { ...promise, indicator: { ...promise.indicator, good: () => "x" } }],
  ["quotes in a name", { ...promise, name: 'a"b' }],
  ["a latency of nothing", { ...promise, indicator: { latency: {} } }],
  ["pairs of nothing", { ...promise, alerts: { page: [{}] } }],
])("%s gives findings, no rules and no exception", (_what, input) => {
  const pack = slo(input as SloInput);
  expect(pack.groups).toEqual([]);
  expect(pack.faults.filter(({ severity }) => severity === "error").length).toBeGreaterThan(0);
  for (const { key, what } of pack.faults) {
    expect(key).not.toBe("");
    expect(what).toMatch(/^[A-Z"0-9{].*\.$/);
  }
});
