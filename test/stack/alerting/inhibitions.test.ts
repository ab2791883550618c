import { hostPack, llmPack, llmSlos, servicePack, serviceSlos, stackPack } from "../../../alerts/index.js";
import { certificateExpiry } from "../../../stack/alerting/certificate-rules.js";
import type { AlertRule, RulePack, TypedRule } from "../../../stack/alerting/define-rules.js";
import { inhibitRules } from "../../../stack/alerting/inhibitions.js";
import { loadCatalog } from "../../../stack/catalog/open.js";
import { stackSchema } from "../../../stack/define.js";
import { projectAt } from "../../../stack/project.js";
import { analyse, type LabelSet, labelReader } from "../../../stack/promql/index.js";

const packs: RulePack[] = [
  llmPack(),
  servicePack(),
  hostPack(),
  stackPack(),
  ...llmSlos(),
  ...serviceSlos({ service: "shop", owner: "shop", latency: { objective: 99, seconds: 1 } }),
];
const rules: TypedRule[] = packs.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
const alerts = rules.filter((rule) => rule.kind === "alert");
const { catalog } = await loadCatalog(projectAt("obs.config.ts"));
const [, byCause] = inhibitRules(stackSchema.parse({ name: "shop" }));

const causeOf = (alert: AlertRule) => alert.labels?.cause ?? alert.cause;
/** What doesn't tell whom an alert is about. */
const about = new Set(["__name__", "alertname", "severity", "owner", "cause"]);

const recorded = (metric: string): LabelSet | undefined => {
  const record = rules.find(({ kind, name }) => kind === "record" && name === metric);
  const set = (names: Iterable<string>): LabelSet => ({
    kind: "only",
    names: new Set(names),
    sure: new Set(),
  });
  if (record) return set([...labelsOf(record), ...Object.keys(record.labels ?? {})]);
  if (metric === certificateExpiry) return set(["__name__"]);
  const labels = catalog.labelsOf(metric);
  return labels && set([...labels, "__name__"]);
};

function labelsOf(rule: TypedRule): string[] {
  const set = labelReader(recorded)(analyse(rule.expr).tree!);
  if (set.kind === "any") throw new Error(`the labels of ${rule.name} are not known`);
  return [...set.names, ...Object.keys(rule.labels ?? {})].filter((label) => !about.has(label));
}

const pairs = alerts
  .filter(({ severity }) => severity === "critical")
  .flatMap((critical) =>
    alerts
      .filter(
        (other) => other.severity === "warning" && causeOf(critical) && causeOf(other) === causeOf(critical),
      )
      .map((warning): [critical: string, warning: string, AlertRule, AlertRule] => [
        critical.name,
        warning.name,
        critical,
        warning,
      ]),
  )
  // These are always about different programs.
  .filter(([, warning]) => warning !== "StackHostMetricsMissing" && warning !== "StackTargetDown");

test("there are critical alerts and warnings that tell of the same", () => {
  expect(new Set(pairs.map(([critical, warning]) => `${critical} ${warning}`))).toEqual(
    new Set([
      "LlmErrorRateHigh LlmErrorRateElevated",
      "LlmErrorRateHigh LlmFallbacksFrequent",
      "LlmNoSuccess LlmErrorRateElevated",
      "LlmNoSuccess LlmFallbacksFrequent",
      "LlmLatencyHigh LlmLatencyElevated",
      "LlmCostHigh LlmCostSpike",
      "LlmBudgetExhausted LlmBudgetForecastExceeded",
      "HostDiskFull HostDiskFilling",
      "HostMemoryLow HostMemoryPressure",
      "HostMemoryLow HostOomKill",
      "StackQueueFull StackQueueFilling",
      "StackQueueFull StackExportStalled",
      "StackCertificateAlmostExpired StackCertificateExpiring",
      "SloBurnFast SloBurnSlow",
    ]),
  );
});

test.each(pairs)("%s silences %s about the same subject, and about no other", (_, __, critical, warning) => {
  const equal = new Set(byCause!.equal);
  const [of, to] = [labelsOf(critical), labelsOf(warning)];
  // What one of the two never has would differ always.
  expect(of.filter((label) => equal.has(label)).sort()).toEqual(
    to.filter((label) => equal.has(label)).sort(),
  );
  // What both have and isn't compared could tell them apart.
  expect(of.filter((label) => to.includes(label) && !equal.has(label))).toEqual([]);
});
