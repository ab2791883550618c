import type { SeriesWorld } from "../../catalog/world.js";
import type { Analysis } from "../../promql/index.js";
import { analyse, type LabelSet, labelsOf as labelsOfQuery, mayHave } from "../../promql/index.js";
import { labelsOf, type Rule, rulesOf } from "../../rules/model.js";
import type { CheckContext } from "../check.js";
import { ruleFilesOf } from "../rule-files.js";
import { mappingAt } from "../yaml-values.js";
import { type AlertMatcher, takes, type Verdict } from "./matchers.js";

/** An alert of the project's rules, with what is known of the labels that it reaches Alertmanager with. */
export interface KnownAlert {
  rule: Rule;
  /** A label's only value; "open" where its series decide (it may be missing then); undefined: it never has the label. */
  label(name: string): { value: string } | "open" | undefined;
}

const known = new WeakMap<CheckContext, Promise<KnownAlert[]>>();

/** The alerts of the project's rule files whose expressions can be read. Read once for all checks of a run. */
export function knownAlerts(context: CheckContext): Promise<KnownAlert[]> {
  let alerts = known.get(context);
  if (!alerts) {
    alerts = readAlerts(context);
    known.set(context, alerts);
  }
  return alerts;
}

async function readAlerts(context: CheckContext): Promise<KnownAlert[]> {
  const { input } = context;
  if (input.ruleFiles.length === 0) return [];
  // Relabelling on the way may add and change anything.
  const relabelled = mappingAt(input.stack.overrides.prometheus, ["alerting"]).alert_relabel_configs;
  if (relabelled) return [];
  const [files, { worldOf }] = await Promise.all([ruleFilesOf(input), import("../../catalog/load-world.js")]);
  const world = await worldOf(input);
  const external = mappingAt(context.read("prometheus/prometheus.yml"), ["global", "external_labels"]);
  return rulesOf(files).flatMap((rule) => {
    if (rule.kind !== "alert") return [];
    const analysis = rule.group.language === "promql" ? analyse(rule.expr.value) : undefined;
    // What can't be read is found elsewhere; what it would carry can't be told.
    if (analysis && (!analysis.tree || analysis.errors.length > 0)) return [];
    const kept = analysis?.tree && labelsOfQuery(analysis.tree);
    const series = analysis && seriesLabels(analysis, world);
    return [{ rule, label: (name) => labelOf(name, rule, { analysis, kept, series, external }) }];
  });
}

function labelOf(
  name: string,
  rule: Rule,
  {
    analysis,
    kept,
    series,
    external,
  }: {
    analysis: Analysis | undefined;
    kept: LabelSet | undefined;
    series: ReadonlySet<string> | undefined;
    external: Record<string, unknown>;
  },
): ReturnType<KnownAlert["label"]> {
  if (name === "alertname") return { value: rule.name.value };
  const own = labelsOf(rule).get(name)?.value;
  // An empty label is none, and a template may come to anything.
  if (own !== undefined && own !== "") return own.includes("{{") ? "open" : { value: own };
  const added = external[name] === undefined ? undefined : { value: String(external[name]) };
  if (own === "") return added;
  if (kept && !mayHave(kept, name)) return added;
  const values = analysis?.selectors.map(({ matchers }) =>
    matchers.find(({ label, operator }) => label === name && operator === "="),
  );
  const [first] = values ?? [];
  if (first && values?.every((each) => each?.value === first.value)) {
    // Where it survives for certain: nothing takes labels together, and nothing else adds series.
    if (
      analysis?.aggregations.length === 0 &&
      analysis.binaries.every(({ right }) => right.type === "scalar")
    )
      return { value: first.value };
    return "open";
  }
  if (kept?.kind === "any" && series && !series.has(name)) return added;
  return "open";
}

/** Every label that any of the selected series has; undefined where that isn't known for sure. */
function seriesLabels({ selectors, calls, binaries }: Analysis, world: SeriesWorld) {
  if (calls.some(({ name }) => makesLabels.has(name)) || binaries.some(({ matching }) => matching?.group))
    return undefined;
  if (world.unrecordedJobs.length > 0) return undefined;
  const sets = selectors.map(({ metric }) => metric && world.catalog.labelsOf(metric));
  if (sets.some((labels) => !labels)) return undefined;
  return new Set(sets.flatMap((labels) => [...(labels || [])]));
}

const makesLabels = new Set(["label_replace", "label_join", "info", "absent", "absent_over_time"]);

/** Whether an alert fulfils every matcher. */
export function fulfils(alert: KnownAlert, matchers: readonly AlertMatcher[]): Verdict {
  const verdicts = matchers.map((matcher): Verdict => {
    const label = alert.label(matcher.label);
    return label === "open" ? "maybe" : takes(matcher, label?.value ?? "");
  });
  return verdicts.includes("no") ? "no" : verdicts.includes("maybe") ? "maybe" : "yes";
}

/** Every value that a label certainly has in some alert. */
export function valuesCarried(alerts: readonly KnownAlert[], name: string): string[] {
  const values = alerts.flatMap((alert) => {
    const label = alert.label(name);
    return label && label !== "open" ? [label.value] : [];
  });
  return [...new Set(values)].sort();
}

/** Labels that the user's scrape jobs give to what they collect. */
export function targetLabels({ input }: CheckContext): ReadonlySet<string> {
  return new Set(input.stack.scrapeJobs.flatMap(({ labels }) => Object.keys(labels)));
}
