import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeIn, type RuleCheck } from "../check.js";
import { recordUses } from "../record-uses.js";

/** So many names are looked up among similar ones: with thousands, recording rules as a whole weren't given. */
const likened = 100;

/**
 * Names with colons are recorded by rules: one that no rule of the files records. In a project, whose series are all known,
 * the check unknown-metric says so.
 */
export const unknownRecord: RuleCheck = {
  id: "unknown-record",
  severity: "warning",
  run(context) {
    if (context.series) return [];
    const { records, uses } = recordUses(context);
    const names = [...records.keys()];
    const unknown = [...uses].filter(([name]) => name.includes(":") && !records.has(name));
    return unknown.map(([name, found], at): Problem => {
      const meant = at < likened ? didYouMean(name, names) : undefined;
      const { query, selector } = found[0]!;
      return {
        id: "unknown-record",
        // Alone it may well be in a file that wasn't named.
        severity: meant ? "warning" : "notice",
        what: `No rule of these files records "${name}".`,
        why: "Names with colons are for recorded series; without the rule this never gives a result.",
        next: meant ? `Did you mean "${meant}"?` : "Name the file that records it, too, or add the rule.",
        place: placeIn(query.rule.group.file, query.rule.expr, selector.from),
      };
    });
  },
};
