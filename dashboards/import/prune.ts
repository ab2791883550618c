import { isDeepStrictEqual } from "node:util";
import { isJson, type Json } from "../../stack/validate/dashboards/dashboard.js";

/** Settings that mean something only whole: a begin without an end does not, nor limits without what they count in. */
const whole = ["thresholds", "time"];

/** A mapping without what is null or the same as a default; where both are mappings, key by key. */
export function pruned(value: Json, defaults: Json): Json {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
      if (each === null || each === undefined) return [];
      if (!Object.hasOwn(defaults, key)) return [[key, each]];
      const usual = defaults[key];
      if (isDeepStrictEqual(each, usual)) return [];
      if (!isJson(each) || !isJson(usual) || whole.includes(key)) return [[key, each]];
      const rest = pruned(each, usual);
      return Object.keys(rest).length === 0 ? [] : [[key, rest]];
    }),
  );
}

/** A mapping without some keys. */
export function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
