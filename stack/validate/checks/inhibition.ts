import { isMapping } from "../../render/merge.js";
import { drillLabel } from "../../services/names.js";
import { knownAlerts, targetLabels } from "../alerting/alerts.js";
import {
  type AlertMatcher,
  faultyMatchers,
  implies,
  matchersIn,
  shownMatcher,
} from "../alerting/matchers.js";
import { alertmanagerConfig } from "../alerting/routing.js";
import { unmatched } from "../alerting/unmatched.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";
import { textsOf } from "../yaml-values.js";

/** Inhibitions that silence nothing, or far more than was meant. */
export const inhibition: Check = {
  id: "inhibition",
  async run(context) {
    const rules = writtenRules(context);
    if (rules.length === 0) return [];
    const alerts = await knownAlerts(context);
    return rules.flatMap(({ rule, path }): Problem[] => {
      if (!isMapping(rule)) return [];
      const at = (...keys: PropertyKey[]) => atKey(context, keyPath([...path, ...keys.map(shortened(path))]));
      const finding = (fault: Pick<Problem, "what" | "why" | "next">, ...keys: PropertyKey[]): Problem => ({
        id: "inhibition",
        severity: "warning",
        ...fault,
        place: at(...keys),
      });
      const faults = ["source_", "target_"].flatMap((prefix) => faultyMatchers(rule, prefix));
      if (faults.length > 0)
        return faults.map(({ at: keys, ...fault }) => ({
          ...finding({ why: "Alertmanager does not start with it.", ...fault }, ...keys),
          severity: "error",
        }));
      const source = matchersIn(rule, "source_");
      const target = matchersIn(rule, "target_");
      if (source.length === 0 || target.length === 0) {
        const side = source.length === 0 ? "source" : "target";
        return [
          finding({
            what: `This inhibition has no ${side}_matchers.`,
            why:
              side === "source"
                ? "Any alert at all silences its targets."
                : "It silences every alert there is, as soon as one of its sources fires.",
            next: `Name the alerts that ${side === "source" ? "silence others" : "are to be silenced"}.`,
          }),
        ];
      }
      if (implies(source, target) && implies(target, source)) {
        return [
          finding({
            what: "The sources of this inhibition are its targets.",
            why: "Alertmanager lets no alert silence itself or its like, so this silences nothing.",
            next: "Have sources differ from targets, by severity for example.",
          }),
        ];
      }
      const both = overlap(source, target);
      if (both) {
        return [
          finding({
            what: `Alerts with ${both.map(shownMatcher).join(", ")} are sources of this inhibition and targets.`,
            why: "Alertmanager lets no alert be silenced by one that is both: among these it silences none.",
            next: "Leave to the targets what the sources are not.",
          }),
        ];
      }
      const dead = (["source", "target"] as const).flatMap((side) => {
        const found = unmatched(side === "source" ? source : target, alerts, targetLabels(context));
        return found
          ? [
              finding(
                {
                  what: found.what,
                  why: `This inhibition has no ${side}s, so it silences nothing.`,
                  next: found.next,
                },
                ...found.matcher.at,
              ),
            ]
          : [];
      });
      if (dead.length > 0) return dead;
      // The drills' label is there by itself.
      const equal = textsOf(rule.equal).filter((label) => label !== drillLabel);
      if (equal.length === 0) return [finding(withoutEqual(source, target))];
      return equal.flatMap((label, place): Problem[] => {
        if (alerts.length === 0 || alerts.some((alert) => alert.label(label) !== undefined)) return [];
        const names = [...new Set(alerts.flatMap(({ rule: each }) => [...each.labels.keys()]))];
        const meant = didYouMean(label, names);
        return [
          finding(
            {
              what: `No alert of the rules has the label ${label}, by which this inhibition tells alerts apart.`,
              why: "A missing label counts as equal: one source silences all targets.",
              next: meant ? `Did you mean ${meant}?` : "Name labels that sources and targets share.",
            },
            "equal",
            place,
          ),
        ];
      });
    });
  },
};

/** The inhibitions that the user wrote, each with its place; those that come with the stack are none of theirs. */
function writtenRules(context: CheckContext): { rule: unknown; path: PropertyKey[] }[] {
  const rendered = alertmanagerConfig(context).inhibit_rules;
  const rules: unknown[] = Array.isArray(rendered) ? rendered : [];
  const { alerting, overrides } = context.input.stack;
  if (overrides.alertmanager?.inhibit_rules !== undefined)
    return rules.map((rule, at) => ({ rule, path: ["overrides", "alertmanager", "inhibit_rules", at] }));
  const own = rules.slice(rules.length - alerting.inhibitRules.length);
  return own.map((rule, at) => ({ rule, path: ["alerting", "inhibitRules", at] }));
}

/** The keys of Alertmanager's configuration as the definition calls them. */
function shortened([first]: readonly PropertyKey[]): (key: PropertyKey) => PropertyKey {
  const names: Record<string, string> =
    first === "alerting" ? { source_matchers: "source", target_matchers: "target" } : {};
  return (key) => names[String(key)] ?? key;
}

/**
 * The narrower side, where it lies within the other and both are about the same labels. With other labels it may well be
 * meant: one particular critical alert silences all other critical ones.
 */
function overlap(source: readonly AlertMatcher[], target: readonly AlertMatcher[]) {
  const labels = (matchers: readonly AlertMatcher[]) =>
    [...new Set(matchers.map(({ label }) => label))].sort().join();
  if (labels(source) !== labels(target)) return undefined;
  return implies(source, target) ? source : implies(target, source) ? target : undefined;
}

function withoutEqual(source: readonly AlertMatcher[], target: readonly AlertMatcher[]) {
  const shown = (matchers: readonly AlertMatcher[]) => matchers.map(shownMatcher).join(", ");
  return {
    what: `Any alert with ${shown(source)} silences every alert with ${shown(target)}.`,
    why: "Without `equal` it doesn't matter which service, cluster or machine they are about.",
    next: 'Name the labels that both must share, equal: ["service"] for example.',
  };
}
