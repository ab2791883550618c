import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";
import { fulfils, type KnownAlert, valuesCarried } from "./alerts.js";
import { type PlacedMatcher, shownMatcher, takes, valuesOf } from "./matchers.js";

/** Labels that alerts of the rules may well have; for "did you mean" alone. */
function labelNames(alerts: readonly KnownAlert[]): string[] {
  return [
    ...new Set(
      alerts.flatMap(({ rule }) => ["alertname", ...rule.group.labels.keys(), ...rule.labels.keys()]),
    ),
  ];
}

/**
 * The first matcher that no alert of the rules fulfils, in words. Matchers that also take a missing label, and labels
 * that any series may bring, are left alone.
 */
export function unmatched(
  matchers: readonly PlacedMatcher[],
  alerts: readonly KnownAlert[],
): (Pick<Problem, "what" | "next"> & { matcher: PlacedMatcher }) | undefined {
  if (alerts.length === 0) return undefined;
  for (const matcher of matchers) {
    if (takes(matcher, "") !== "no") continue;
    if (alerts.some((alert) => fulfils(alert, [matcher]) !== "no")) continue;
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
