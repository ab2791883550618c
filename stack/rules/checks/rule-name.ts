import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";
import { fits } from "../text-rule.js";

/** Names of alerts and records, by what a team agreed on: alerting.checks.names. */
export const ruleName: RuleCheck = {
  id: "rule-name",
  severity: "warning",
  run({ files, settings: { names } }) {
    if (names.alerts === undefined && names.records === undefined) return [];
    return rulesOf(files).flatMap(({ kind, name, group }) => {
      const setting = `${kind}s` as const;
      const wanted = names[setting];
      if (wanted === undefined || fits(wanted, name.value)) return [];
      return [
        {
          id: "rule-name",
          severity: "warning",
          what: `The name "${name.value}" does not match ${wanted}.`,
          why: `alerting.checks.names.${setting} says so.`,
          next: `Rename the ${kind}, and what uses its name.`,
          place: placeIn(group.file, name),
        },
      ];
    });
  },
};
