import type { Stack } from "../define.js";
import { parseDuration } from "../duration.js";
import { isMapping } from "../render/merge.js";
import { reportedRecords } from "../slo/names.js";
import { isJson } from "../validate/dashboards/dashboard.js";
import type { RuleSettings } from "./settings.js";

/** What is known of the stack that rules belong to, besides its series. */
export interface Surroundings {
  /** Whether something outside the rules may ask for a series of this name. */
  asks(name: string): boolean;
  /** How often groups without an interval of their own are evaluated. */
  evaluationInterval: string;
  /** How often the user's scrape jobs are scraped, in ms, by job. */
  scrapeIntervals: ReadonlyMap<string, number>;
  /** Labels that Prometheus adds to whatever leaves it. */
  externalLabels: readonly string[];
  /** How long samples are kept, in ms. */
  retention: number;
  /** What the team agreed on about its rules. */
  settings: RuleSettings;
}

/** The surroundings of a definition's rules. */
export function surroundingsOf(stack: Stack): Surroundings {
  const { prometheus = {} } = stack.overrides;
  const global = isMapping(prometheus.global) ? prometheus.global : {};
  const external = isMapping(global.external_labels) ? global.external_labels : {};
  const interval = global.evaluation_interval;
  // Whoever gets every series may ask for any of them.
  const sentOn = Array.isArray(prometheus.remote_write) && prometheus.remote_write.length > 0;
  const words = sentOn ? undefined : wordsOf(stack.dashboards);
  return {
    asks: (name) =>
      !words ||
      reportedRecords.has(name) ||
      words.names.has(name) ||
      words.patterns.some((pattern) => pattern.test(name)),
    evaluationInterval: typeof interval === "string" ? interval : stack.metrics.scrapeInterval,
    scrapeIntervals: new Map(
      stack.scrapeJobs.map(({ job, interval: own = stack.metrics.scrapeInterval }) => [
        job,
        parseDuration(own) ?? 0,
      ]),
    ),
    externalLabels: Object.keys(external),
    retention: parseDuration(stack.metrics.retention) ?? Number.POSITIVE_INFINITY,
    settings: stack.alerting.checks,
  };
}

/** Stands for a variable's value; no metric has it in its name. */
const variable = "§";

/**
 * What could be a metric's name in any text of some dashboards; patterns where a part is a variable. More than what is
 * asked for, never less: a query may be in any plugin's own key, and incomplete without its variables.
 */
function wordsOf(dashboards: readonly unknown[]): { names: ReadonlySet<string>; patterns: RegExp[] } {
  const names = new Set<string>();
  const patterns = new Map<string, RegExp>();
  const open: unknown[] = [...dashboards];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) open.push(...value);
    else if (isJson(value)) open.push(...Object.values(value));
    if (typeof value !== "string" || !/[a-zA-Z_:]/.test(value)) continue;
    const text = value.replaceAll(/\$\{[^}]*\}|\[\[\w+\]\]|\$\w+/g, variable);
    for (const [word] of text.matchAll(/[a-zA-Z_:§][\w:§]*/g)) {
      if (!word.includes(variable)) names.add(word);
      else if (word.length > 1 && !patterns.has(word))
        patterns.set(word, new RegExp(`^${word.replaceAll(variable, ".*")}$`));
    }
    // Names chosen by a regular expression.
    for (const [, source = ""] of value.matchAll(/__name__\s*=~\s*["'`]([^"'`]+)["'`]/g)) {
      const pattern = source.replaceAll(/\$\{[^}]*\}|\[\[\w+\]\]|\$\w+/g, ".*");
      try {
        patterns.set(pattern, new RegExp(`^(?:${pattern})$`));
      } catch {
        // A faulty query is found by the checks of dashboards.
      }
    }
  }
  return { names, patterns: [...patterns.values()] };
}
