import { labelRegexp } from "../promql/index.js";
import { didYouMean } from "../validate/suggest.js";
import type { Located } from "./model.js";
import type { RuleSettings } from "./settings.js";

/** What is wrong with a label or annotation by what a team agreed on; undefined: nothing. What a template gives isn't known. */
export function faultOf(
  text: Located<string> | undefined,
  { required, values, matches }: RuleSettings["annotations"][string],
): { what: string; next: string } | undefined {
  if (!text || text.value === "")
    return required
      ? { what: "is missing", next: values ? `Give it one of ${values.join(", ")}.` : "Add it." }
      : undefined;
  if (text.value.includes("{{")) return undefined;
  if (values && !values.includes(text.value)) {
    const meant = didYouMean(text.value, values);
    return {
      what: `is "${text.value}", which is none of its values`,
      next: meant ? `Did you mean "${meant}"?` : `It may be ${values.join(", ")}.`,
    };
  }
  if (matches !== undefined && !fits(matches, text.value))
    return {
      what: `is "${text.value}", which does not match ${matches}`,
      next: `Write it so that it matches ${matches}.`,
    };
  return undefined;
}

/** Whether a whole text matches a pattern. Patterns were checked with the definition. */
export function fits(pattern: string, text: string): boolean {
  const regexp = labelRegexp(pattern);
  return typeof regexp === "string" || regexp.matches(text);
}
