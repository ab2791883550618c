import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

const id = "redact-pattern";

/** Patterns of what is masked must compile: the collector refuses its configuration otherwise, naming none of them. */
export const redactPattern: Check = {
  id,
  async run(context) {
    const { keep, redact } = context.input.stack.collector.content;
    // Only what is kept is masked; otherwise no pattern reaches the collector.
    if (!keep) return [];
    const { labelRegexp } = await import("../../promql/index.js");
    return redact.flatMap((pattern, at): Problem[] => {
      const regexp = labelRegexp(pattern);
      if (typeof regexp !== "string") return [];
      return [
        {
          id,
          severity: "error",
          what: `The pattern ${JSON.stringify(pattern)} does not compile: ${regexp}.`,
          why: "The collector does not start with it.",
          next: "Mend it; the syntax is that of RE2, https://github.com/google/re2/wiki/Syntax.",
          place: atKey(context, `collector.content.redact[${at}]`),
        },
      ];
    });
  },
};
