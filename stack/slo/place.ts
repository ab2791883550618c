import type { SloPack } from "./define-slo.js";
import { sloRecords } from "./names.js";

/** The key of an SLO's input that is behind one of its rules, for findings; "" is the SLO as a whole. */
export function inputBehind({ slo }: SloPack, rule: { kind: "alert" | "record"; name: string }): string {
  if (rule.kind === "alert") return "";
  return rule.name === sloRecords.errorRatio(slo.window) ? "window" : "indicator";
}
