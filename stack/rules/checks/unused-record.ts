import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { recordUses } from "../record-uses.js";

/** Records that neither a rule nor a dashboard asks for. Of files of nobody's it isn't known who asks. */
export const unusedRecord: RuleCheck = {
  id: "unused-record",
  severity: "notice",
  run(context) {
    const { surroundings } = context;
    if (!surroundings) return [];
    const { records, uses, takenOtherwise } = recordUses(context);
    return [...records].flatMap(([name, rules]): Problem[] => {
      const others = uses.get(name)?.some(({ query }) => query.rule.name.value !== name);
      if (others || takenOtherwise(name) || surroundings.asks(name)) return [];
      const [rule] = rules;
      return [
        {
          id: "unused-record",
          severity: "notice",
          what: `No rule and no dashboard uses "${name}".`,
          why: "It is computed and stored at every evaluation.",
          next: "Take it out, unless somebody asks for it in other ways.",
          place: placeIn(rule!.group.file, rule!.name),
        },
      ];
    });
  },
};
