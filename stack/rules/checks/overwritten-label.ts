import type { LabelReader } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Located, labelsOf, type Rule, rulesOf } from "../model.js";
import { type Query, queriesOf, recordings } from "../queries.js";
import { labelsIn } from "../record-labels.js";

/** Labels of a rule that take the place of others: those its expression keeps, those that Prometheus gives. */
export const overwrittenLabel: RuleCheck = {
  id: "overwritten-label",
  severity: "warning",
  run(context) {
    const external = new Set(context.surroundings?.externalLabels);
    const records = recordings(context);
    return [
      ...queriesOf(context).flatMap((query) =>
        mayGroupBy(query, records) ? kept(query, labelsIn(context)) : [],
      ),
      ...rulesOf(context.files).flatMap((rule) => [...reserved(rule), ...outer(rule, external)]),
    ];
  },
};

function finding(rule: Rule, at: Located<string>, fault: Pick<Problem, "what" | "why" | "next">): Problem {
  return { id: "overwritten-label", severity: "warning", ...fault, place: placeIn(rule.group.file, at) };
}

/** A label that the expression groups by stands in its text, or in that of a record which it reads: a look that costs little. */
function mayGroupBy({ rule, text, selectors }: Query, records: ReadonlyMap<string, Query>): boolean {
  return (
    [...labelsOf(rule).keys()].some((name) => text.includes(name)) ||
    selectors.some(({ metric }) => metric !== undefined && records.has(metric))
  );
}

/** A label that the expression groups by has a value of its own in each series, and one for all of them afterwards. */
function kept({ rule, tree, selectors }: Query, labelsOfQuery: LabelReader): Problem[] {
  const labels = labelsOf(rule);
  if (labels.size === 0) return [];
  const set = labelsOfQuery(tree);
  if (set.kind !== "only") return [];
  return [...labels].flatMap(([name, value]) => {
    // A template may make it from the label itself; a label of one value only is renamed, not mixed up.
    if (!set.names.has(name) || value.value.includes("{{")) return [];
    const single = selectors.every(({ matchers }) =>
      matchers.some(({ label, operator }) => label === name && operator === "="),
    );
    if (single || selectors.length === 0) return [];
    return [
      finding(rule, value, {
        what: `The label "${name}" replaces the one by which the expression tells its series apart.`,
        why:
          "With two series that differ in nothing else the evaluation fails, for they would be one: " +
          "nothing is recorded, and no alert fires.",
        next: `Give the label another name, or take ${name} out of \`by (...)\`.`,
      }),
    ];
  });
}

function reserved(rule: Rule): Problem[] {
  const value = rule.kind === "alert" ? labelsOf(rule).get("alertname") : undefined;
  return value
    ? [
        finding(rule, value, {
          what: "The label alertname is the alert's own name; this value is never seen.",
          why: `Prometheus replaces it by "${rule.name.value}".`,
          next: "Name the alert so, or take the label out.",
        }),
      ]
    : [];
}

function outer(rule: Rule, external: ReadonlySet<string>): Problem[] {
  if (external.size === 0) return [];
  return [...labelsOf(rule)].flatMap(([name, value]) =>
    external.has(name)
      ? [
          finding(rule, value, {
            what: `The label "${name}" keeps the external label of this Prometheus away.`,
            why: "Whoever tells servers apart by it, routes and inhibitions among them, takes this for another one.",
            next: "Give the label another name.",
          }),
        ]
      : [],
  );
}
