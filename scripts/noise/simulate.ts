import type { RulePack } from "../../stack/alerting/define-rules.js";
import type { PackContext } from "../../stack/alerting/render-pack.js";
import { type ObserveOptions, observe } from "../../stack/alerting/test/observe.js";
import type { Probe } from "../../stack/alerting/test/probe.js";
import { neededRules, type RuleInPack, rulesOf } from "../../stack/alerting/test/subset.js";
import { ruleRenderer } from "../../stack/alerting/test/test-packs.js";
import type { Catalog } from "../../stack/catalog/catalog.js";
import { parseDuration } from "../../stack/duration.js";
import { analyse, type Selector } from "../../stack/promql/index.js";
import { isDescribed, type Values, valuesOfSeries } from "./behaviour.js";
import { seriesFor } from "./series.js";
import { minutesADay, simulated, warmUp, weekBegins } from "./week.js";

/** An alert that fired in the quiet week. */
export interface Noise {
  pack: string;
  alert: string;
  severity: string;
  /** In Prometheus' notation, without those that say which alert it is. */
  labels: string;
  /** Minutes for which it fired, on all days together. */
  minutes: number;
  /** Days of the week, from 1, on which it did. */
  days: number[];
}

/** What came of the quiet week. */
export interface QuietWeek {
  alerts: number;
  noise: Noise[];
  /** Why something could not be simulated, in promtool's words. */
  errors: string[];
  /** Metrics that rules read and nobody has described: what they did is a guess. */
  undescribed: string[];
  /** Metrics that rules read and that have no series in this week. */
  missing: string[];
}

const minute = 60_000;
/** So many alerts are simulated together: they share series, and shards stay small enough for all cores. */
const together = 6;
/**
 * Alerts that look back further than this (minutes) are simulated in one piece, over the week, and evaluated every 15
 * minutes: cut into days, each would need days in front of it.
 */
const longest = 7 * 60;
const evaluatedEvery = { short: 1, long: 15 };

/**
 * Runs all alerts of some packs over a quiet week in promtool: series of all metrics that they read, a sample a minute,
 * the same ones each time. Cut by alerts and days, on all cores. Throws and rejects as {@link observe}.
 */
export async function simulateQuietWeek(
  { packs, context, catalog }: { packs: readonly RulePack[]; context: PackContext; catalog: Catalog },
  options: ObserveOptions,
): Promise<QuietWeek> {
  const all = rulesOf(packs);
  const alerts = all.filter(
    ({ pack, rule }, at) =>
      rule.kind === "alert" &&
      all.findIndex((each) => each.pack === pack && each.rule.name === rule.name) === at,
  );
  const world = makeWorld(catalog);
  const shards = bundles(alerts, all).flatMap((bundle, at) => shardsOf(bundle, at, world, context));
  const observed = await observe(
    shards.map(({ probe }) => probe),
    options,
  );
  const noise = new Map<string, Noise>();
  const errors = new Set<string>();
  for (const { probe, pack, day, every } of shards) {
    const seen = observed.get(probe.id)!;
    for (const error of seen.errors) errors.add(`${pack}: ${error}`);
    for (const { labels, value } of seen.samples.flatMap(({ samples }) => samples)) {
      const { alertname = "", alertstate: _, severity = "", ...others } = labels;
      const shown = `{${Object.entries(others)
        .map(([name, text]) => `${name}="${text}"`)
        .join(", ")}}`;
      const key = JSON.stringify([pack, alertname, severity, shown]);
      const before = noise.get(key) ?? {
        pack,
        alert: alertname,
        severity,
        labels: shown,
        minutes: 0,
        days: [],
      };
      noise.set(key, {
        ...before,
        minutes: before.minutes + value * every,
        days: [...before.days, ...(day === undefined ? [] : [day])],
      });
    }
  }
  return { alerts: alerts.length, noise: [...noise.values()], errors: [...errors], ...world.unsure() };
}

/** Alerts that are simulated together, with all that they read. */
interface Bundle {
  pack: string;
  rules: RuleInPack[];
  /** Minutes. */
  lookBack: number;
}

function bundles(alerts: readonly RuleInPack[], all: readonly RuleInPack[]): Bundle[] {
  const groups = new Map<string, RuleInPack[]>();
  for (const alert of alerts) {
    const key = `${alert.pack.name} ${lookBackOf(alert, all) > longest}`;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].flatMap((group) => {
    const made: Bundle[] = [];
    for (let at = 0; at < group.length; at += together) {
      const some = group.slice(at, at + together);
      const wanted = new Set(some.flatMap((alert) => neededRules(alert, all, {})));
      made.push({
        pack: group[0]!.pack.name,
        rules: all.filter((rule) => wanted.has(rule)),
        lookBack: Math.max(...some.map((alert) => lookBackOf(alert, all))),
      });
    }
    return made;
  });
}

/** Minutes in front of a day that what an alert says on that day depends on, at most. */
function lookBackOf(alert: RuleInPack, all: readonly RuleInPack[]): number {
  const rules = neededRules(alert, all, {}).map(({ rule }) => rule);
  const ranges = rules.map(({ expr }) => {
    const { ranges, subqueries, selectors } = analyse(expr);
    const longest = (some: readonly number[]) => Math.max(0, ...some.filter((ms) => !Number.isNaN(ms)));
    return (
      longest(ranges.map(({ range }) => range)) +
      longest(subqueries.map(({ range }) => range)) +
      longest([...selectors, ...ranges, ...subqueries].map(({ offset }) => offset?.ms ?? 0))
    );
  });
  const held = rules.map((rule) =>
    rule.kind === "alert"
      ? (parseDuration(rule.for ?? "0") ?? 0) + (parseDuration(rule.keepFiringFor ?? "0") ?? 0)
      : 0,
  );
  return (Math.max(...ranges) + Math.max(...held)) / minute + 10;
}

interface Shard {
  probe: Probe;
  pack: string;
  /** From 1; undefined: the whole week. */
  day?: number;
  /** Minutes between evaluations. */
  every: number;
}

function shardsOf(
  { pack, rules, lookBack }: Bundle,
  at: number,
  world: World,
  context: PackContext,
): Shard[] {
  const series = world.seriesOf(rules);
  const rendered = ruleRenderer(context)(rules);
  const shard = (id: string, from: number, to: number, every: number, day?: number): Shard => {
    const begin = Math.max(0, from - lookBack);
    return {
      pack,
      every,
      ...(day !== undefined && { day }),
      probe: {
        id: `n${at}-${id}`,
        ...rendered,
        series: Object.fromEntries(
          [...series].map(([selector, values]) => [selector, notation(values.subarray(begin, to))]),
        ),
        interval: minute,
        evaluation: every * minute,
        start: new Date(weekBegins.getTime() + (begin - warmUp) * minute),
        alerts: [],
        samples: [
          {
            expr: `count_over_time(ALERTS{alertstate="firing"}[${to - from}m])`,
            at: Math.floor((to - begin - 1) / every) * every * minute,
          },
        ],
      },
    };
  };
  if (lookBack > longest) return [shard("week", warmUp, simulated, evaluatedEvery.long)];
  return Array.from({ length: 7 }, (_, day) => {
    const from = warmUp + day * minutesADay;
    return shard(`day${day + 1}`, from, from + minutesADay, evaluatedEvery.short, day + 1);
  });
}

/** Values in the notation of promtool. */
function notation(values: Values): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length; ) {
    const value = values[at]!;
    let same = 1;
    while (at + same < values.length && Object.is(values[at + same], value)) same++;
    const text = Number.isNaN(value)
      ? "_"
      : String(Number.isInteger(value) ? value : Number(value.toPrecision(7)));
    parts.push(same === 1 ? text : `${text}x${Number.isNaN(value) ? same : same - 1}`);
    at += same;
  }
  return parts.join(" ");
}

interface World {
  /** Selector of a series to its values, of all that some rules read and don't make themselves. */
  seriesOf(rules: readonly RuleInPack[]): Map<string, Values>;
  unsure(): Pick<QuietWeek, "undescribed" | "missing">;
}

function makeWorld(catalog: Catalog): World {
  const known = new Map<string, Values>();
  const [undescribed, missing] = [new Set<string>(), new Set<string>()];
  return {
    unsure: () => ({ undescribed: [...undescribed].sort(), missing: [...missing].sort() }),
    seriesOf(rules) {
      const made = new Set(rules.map(({ rule }) => rule.name));
      const mentioned = new Set(rules.flatMap(({ rule }) => rule.expr.match(/[A-Za-z_]\w*/g) ?? []));
      const byMetric = new Map<string, Selector[]>();
      for (const { rule } of rules)
        for (const selector of analyse(rule.expr).selectors) {
          const { metric } = selector;
          if (metric === undefined || made.has(metric) || metric.startsWith("ALERTS")) continue;
          byMetric.set(metric, [...(byMetric.get(metric) ?? []), selector]);
        }
      const found = new Map<string, Values>();
      for (const [metric, selectors] of byMetric) {
        const wanted = seriesFor(metric, { selectors, mentioned }, catalog);
        if (wanted.length === 0) missing.add(metric);
        const sums = new Map<string, Values[]>();
        for (const series of wanted) {
          if (!isDescribed(series)) undescribed.add(metric);
          const labels = Object.entries(series.labels).map(
            ([name, value]) => `${name}=${JSON.stringify(value)}`,
          );
          const key = `${metric}{${labels.join(",")}}`;
          const id = `${key} ${series.source.seed}`;
          const values = known.get(id) ?? valuesOfSeries(series);
          known.set(id, values);
          sums.set(key, [...(sums.get(key) ?? []), values]);
        }
        // Several sources have the same labels where a metric tells less of them apart.
        for (const [key, values] of sums)
          found.set(key, values.length === 1 ? values[0]! : sumOf(values, wanted[0]!.behaves));
      }
      return found;
    },
  };
}

function sumOf(values: readonly Values[], behaves: "counter" | "gauge"): Values {
  if (behaves === "gauge") return values[0]!;
  return values[0]!.map((_, at) => values.reduce((sum, each) => sum + each[at]!, 0));
}
