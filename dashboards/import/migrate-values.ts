import { type Json, mappings } from "../../stack/validate/dashboards/dashboard.js";

/** Words for values as they were written before Grafana 8, one a value or range, in today's form. */
export function mappingsFrom(words: readonly Json[]): Json[] {
  return words.flatMap((word, index): Json[] => {
    if (word.options !== undefined) return [word];
    const result = { text: String(word.text ?? ""), index };
    if (word.type === 2 || word.value === undefined || word.value === null)
      return word.from === undefined
        ? []
        : [{ type: "range", options: { from: numberOf(word.from), to: numberOf(word.to), result } }];
    return word.value === "null"
      ? [{ type: "special", options: { match: "null", result } }]
      : [{ type: "value", options: { [String(word.value)]: result } }];
  });
}

/** The words of a panel that had values and ranges in lists of their own, `mappingType` saying which counts. */
export function mappingsOf(panel: Json): Json[] {
  return mappingsFrom(
    panel.mappingType === 2
      ? mappings(panel.rangeMaps).map((word) => ({ ...word, type: 2 }))
      : mappings(panel.valueMaps),
  );
}

/** A number that may be written as a text; null where there is none. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Steps of limits written `"1,5"`, with the colours below, between and above them. */
export function stepsFrom(thresholds: unknown, colors: unknown): Json | undefined {
  const values = String(thresholds ?? "")
    .split(",")
    .map((value) => numberOf(value.trim()))
    .filter((value) => value !== null);
  if (values.length === 0) return undefined;
  const colorAt = (at: number) =>
    Array.isArray(colors) && typeof colors[at] === "string" ? colors[at] : usual[at];
  return {
    mode: "absolute",
    steps: [null, ...values].map((value, at) => ({ color: colorAt(at) ?? "red", value })),
  };
}

const usual = ["green", "orange", "red"];
