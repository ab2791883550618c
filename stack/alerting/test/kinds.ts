import type { AlertCase, CaseKind } from "../define-rules.js";
import { timesOf } from "./judge.js";

/** The kinds of case that every alert has at least one of. */
export const caseKinds: readonly CaseKind[] = ["fires", "quiet", "resolves", "no data"];

/** Why a case doesn't show what its kind says, or undefined: it does. */
export function notOfItsKind({ kind, firing }: AlertCase): string | undefined {
  const fires = timesOf(firing)
    .map((at) => firing[at]!)
    .map((expected) => (typeof expected === "boolean" ? expected : expected.length > 0));
  if (fires.length === 0) return "it asks for no time";
  switch (kind) {
    case "fires":
      return fires.includes(true) ? undefined : "at no time does it expect the alert to fire";
    case "quiet":
      return fires.includes(false) ? undefined : "at no time does it expect the alert to be quiet";
    case "resolves":
      return fires.some((now, at) => now && fires.slice(at).includes(false))
        ? undefined
        : "it doesn't expect the alert to fire, and later not";
    case "no data":
      return undefined;
  }
}
