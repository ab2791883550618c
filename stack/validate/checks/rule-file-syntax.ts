import type { Check } from "../check.js";
import type { Problem } from "../problem.js";

/** A rule file that isn't YAML stops Prometheus from starting. */
export const ruleFileSyntax: Check = {
  id: "rule-file-syntax",
  async run(context) {
    const { load, YAMLException } = await import("js-yaml");
    return context.input.ruleFiles.flatMap(({ source, text }): Problem[] => {
      try {
        load(text);
        return [];
      } catch (error) {
        if (!(error instanceof YAMLException)) throw error;
        const { mark } = error;
        return [
          {
            id: "rule-file-syntax",
            severity: "error",
            what: `This is not YAML: ${error.reason}.`,
            place: { file: source, ...(mark && { line: mark.line + 1, column: mark.column + 1 }) },
          },
        ];
      }
    });
  },
};
