import { parseDuration } from "../../duration.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { rulesOf } from "../model.js";
import { type Query, queriesOf } from "../queries.js";

/** The custom for names of recorded series: https://prometheus.io/docs/practices/rules/ */
export const recordName: RuleCheck = {
  id: "record-name",
  severity: "warning",
  run: (context) => [
    ...queriesOf(context).flatMap(otherRange),
    ...rulesOf(context.files).flatMap(({ kind, name, group }): Problem[] => {
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
  ],
};

/** `job:a:rate5m` of `rate(a_total[1m])`. */
function otherRange({ rule, ranges, text }: Query): Problem[] {
  if (rule.kind !== "record" || ranges.length === 0) return [];
  const said = /^(?:rate|irate|increase|delta|deriv)(\d+(?:ms|[smhdwy]))$/.exec(
    rule.name.value.split(":").at(-1) ?? "",
  );
  const ms = said && parseDuration(said[1]!);
  if (!said || !ms || ranges.some(({ range }) => range === ms || Number.isNaN(range))) return [];
  const { rangeFrom, rangeTo } = ranges[0]!;
  const taken = text.slice(rangeFrom, rangeTo);
  return [
    {
      id: "record-name",
      severity: "warning",
      what: `"${rule.name.value}" says ${said[1]}, and its query takes ${taken}.`,
      why: "Who uses the record takes it for what its name says.",
      next: `Name it ${rule.name.value.slice(0, -said[1]!.length)}${taken}, or take [${said[1]}].`,
      place: placeIn(rule.group.file, rule.expr, rangeFrom),
    },
  ];
}

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
