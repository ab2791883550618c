import { distance } from "fastest-levenshtein";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";
import { fulfils, type KnownAlert, valuesCarried } from "./alerts.js";
import { type PlacedMatcher, shownMatcher, takes, valuesOf } from "./matchers.js";

/** Labels that rules give their alerts. */
function labelNames(alerts: readonly KnownAlert[]): string[] {
  return [
    ...new Set(
      alerts.flatMap(({ rule }) => ["alertname", ...rule.group.labels.keys(), ...rule.labels.keys()]),
    ),
  ];
}

/**
 * The label that a misspelt one most likely meant: series may bring any label, but hardly one that differs in a letter, or
 * in the order of its letters, from one that alerts are given, and that nothing else mentions.
 */
function misspelt(
  label: string,
  alerts: readonly KnownAlert[],
  targets: ReadonlySet<string>,
): string | undefined {
  if (label.length < 4 || targets.has(label) || labelNames(alerts).includes(label)) return undefined;
  const word = new RegExp(`\\b${label}\\b`);
  if (alerts.some(({ rule }) => word.test(rule.expr.value))) return undefined;
  const letters = (text: string) => [...text].sort().join("");
  return labelNames(alerts).find((name) => distance(name, label) === 1 || letters(name) === letters(label));
}

/**
 * The first matcher that no alert of the rules fulfils, in words. Matchers that also take a missing label, and labels
 * that any series may bring, are left alone unless they look misspelt. `targets`: labels of scrape jobs.
 */
export function unmatched(
  matchers: readonly PlacedMatcher[],
  alerts: readonly KnownAlert[],
  targets: ReadonlySet<string>,
): (Pick<Problem, "what" | "next"> & { matcher: PlacedMatcher }) | undefined {
  if (alerts.length === 0) return undefined;
  for (const matcher of matchers) {
    if (takes(matcher, "") !== "no") continue;
    if (alerts.some((alert) => fulfils(alert, [matcher]) !== "no")) {
      const name = misspelt(matcher.label, alerts, targets);
      if (name === undefined) continue;
      return {
        matcher,
        what: `No rule gives its alerts the label ${matcher.label}.`,
        next: `Did you mean ${name}?`,
      };
    }
    const values = valuesCarried(alerts, matcher.label);
    if (values.length === 0) {
      const meant = didYouMean(matcher.label, labelNames(alerts));
      return {
        matcher,
        what: `No alert of the rules has the label ${matcher.label}.`,
        next: meant
          ? `Did you mean ${meant}?`
          : `Give alerts the label, or take ${shownMatcher(matcher)} out.`,
      };
    }
    if (matcher.operator === "=" && /\|/.test(matcher.value)) {
      return {
        matcher,
        what: `No alert of the rules has ${JSON.stringify(matcher.value)} as its ${matcher.label}.`,
        next: `With = the whole text is compared; for one of several write ${shownMatcher({ ...matcher, operator: "=~" })}.`,
      };
    }
    const [wanted] = valuesOf(matcher) ?? [];
    const meant = wanted === undefined ? undefined : didYouMean(wanted, values);
    const shown = values.slice(0, 8).join(", ");
    return {
      matcher,
      what: `No alert of the rules fulfils ${shownMatcher(matcher)}.`,
      next: meant ? `Did you mean ${JSON.stringify(meant)}?` : `${matcher.label} is one of: ${shown}.`,
    };
  }
  return undefined;
}
