import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";

/** The custom for names of recorded series: https://prometheus.io/docs/practices/rules/ */
export const recordName: RuleCheck = {
  id: "record-name",
  severity: "warning",
  run: ({ files }) =>
    [...rulesOf(files)].flatMap(({ kind, name, group }) => {
      // Names with other signs are found by invalid-name.
      if (kind !== "record" || /[^a-zA-Z0-9_:]/.test(name.value) || isCustomary(name.value)) return [];
      return [
        {
          id: "record-name",
          severity: "warning",
          what: name.value.includes(":")
            ? `"${name.value}" isn't of the form level:metric:operations.`
            : `"${name.value}" looks like a series that a program exposes.`,
          why: "Who reads it in a query can't tell what it was computed from, and by which labels.",
          next: `Name it by its labels, its metric and what was done to it: job:${plainMetric(name.value)}:rate5m.`,
          place: placeIn(group.file, name),
        },
      ];
    }),
};

/** Two colons with something before and after; `ALERTS` and the like aside, a level may have colons of its own. */
function isCustomary(name: string): boolean {
  const parts = name.split(":");
  return parts.length >= 3 && parts.every((part) => part !== "");
}

function plainMetric(name: string): string {
  return (
    name
      .split(":")
      .filter((part) => part !== "")
      .sort((a, b) => b.length - a.length)[0] ?? "metric"
  );
}
