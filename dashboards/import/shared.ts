import { isJson, type Json, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { type Expression, literal, named } from "./expression.js";
import { pruned } from "./prune.js";

/** Settings that many panels have in common, which get a name of their own. */
export interface Shared {
  /** A value of a panel's settings: its name where it has one. */
  of(value: unknown): Expression;
  /** The constants, in the order of their first use. */
  constants: { name: string; expression: Expression }[];
}

const often = 3;
const long = 60;

/** Finds what comes often and is long: legends, tooltips, ways to draw, whole options. */
export function sharedAmong(
  panels: readonly Json[],
  nameOf: (title: string, otherwise: string) => string,
): Shared {
  const seen = new Map<string, { count: number; key: string; value: unknown }>();
  for (const { key, value } of panels.flatMap(candidates)) {
    const text = JSON.stringify(value);
    if (text.length < long) continue;
    const { count = 0 } = seen.get(text) ?? {};
    seen.set(text, { count: count + 1, key, value });
  }
  const names = new Map<string, Expression>();
  const constants: Shared["constants"] = [];
  for (const [text, { count, key, value }] of seen) {
    if (count < often) continue;
    const name = nameOf(key, key);
    names.set(text, named(name, value));
    constants.push({ name, expression: literal(value) });
  }
  return { of: (value) => names.get(JSON.stringify(value)) ?? literal(value), constants };
}

function candidates({ type, options, fieldConfig }: Json): { key: string; value: unknown }[] {
  const { custom, thresholds, mappings } = isJson(fieldConfig)
    ? (fieldConfig.defaults as Json)
    : ({} as Json);
  const kind = textAt({ type }, "type");
  return [
    { key: `${kind} options`, value: options },
    { key: `${kind} style`, value: custom },
    { key: "limits", value: isJson(thresholds) ? pruned(thresholds, { mode: "absolute" }) : undefined },
    { key: "words", value: mappings },
  ].filter(({ value }) => value !== undefined);
}
