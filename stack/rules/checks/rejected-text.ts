import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Located, labelsOf, type Rule, rulesOf } from "../model.js";
import type { RuleSettings } from "../settings.js";
import { fits } from "../text-rule.js";

/** Names and values of labels and annotations that a team doesn't want: alerting.checks.reject. */
export const rejectedText: RuleCheck = {
  id: "rejected-text",
  severity: "warning",
  run: ({ files, settings: { reject } }) =>
    reject.length === 0
      ? []
      : rulesOf(files).flatMap((rule) => reject.flatMap((each) => rejected(rule, each))),
};

function rejected(rule: Rule, { matches, in: places, why }: RuleSettings["reject"][number]): Problem[] {
  const found = (what: string, text: string, at: Located<string>): Problem[] =>
    fits(matches, text)
      ? [
          {
            id: "rejected-text",
            severity: "warning",
            what: `${what} is rejected: it matches ${matches}.`,
            why: why ?? "alerting.checks.reject says so.",
            next: "Write something else.",
            place: placeIn(rule.group.file, at),
          },
        ]
      : [];
  return (
    [
      ["label", labelsOf(rule)],
      ["annotation", rule.annotations],
    ] as const
  ).flatMap(([kind, texts]) =>
    [...texts].flatMap(([name, text]) => [
      ...(places.includes(`${kind} names`) ? found(`The name of the ${kind} "${name}"`, name, text) : []),
      ...(places.includes(`${kind} values`)
        ? found(`The ${kind} "${name}", "${text.value}",`, text.value, text)
        : []),
    ]),
  );
}
