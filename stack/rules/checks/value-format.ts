import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Rule, rulesOf } from "../model.js";
import { isValue, templatesOf } from "../template/of-rule.js";

/** A bare `$value` prints every digit there is. */
export const valueFormat: RuleCheck = {
  id: "value-format",
  severity: "notice",
  run: ({ files }) => rulesOf(files).flatMap(bareValues),
};

function bareValues(rule: Rule): Problem[] {
  return templatesOf(rule).flatMap(({ kind, name, text, parsed }): Problem[] => {
    if (kind !== "annotation" || parsed.fault) return [];
    const bare = parsed.pipelines.find(({ use, commands, ...rest }) => {
      const operands = commands[0]?.operands ?? [];
      return (
        use === "output" &&
        commands.length === 1 &&
        operands.length === 1 &&
        isValue(operands[0]!, { use, commands, ...rest })
      );
    });
    if (!bare) return [];
    return [
      {
        id: "value-format",
        severity: "notice",
        what: `The annotation "${name}" prints the value as it is: 0.09333333333333334.`,
        next: 'Format it: {{ $value | humanize }}, humanizePercentage, humanizeDuration, humanize1024, or {{ printf "%.2f" $value }}.',
        place: placeIn(rule.group.file, text, bare.at),
      },
    ];
  });
}
