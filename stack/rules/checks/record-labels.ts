import { mayHave } from "../../promql/index.js";
import { labelsOf } from "../model.js";
import { queryCheck } from "../queries.js";
import { labelsIn } from "../record-labels.js";
import { fits } from "../text-rule.js";

/** Labels that records keep or drop, by what a team agreed on: alerting.checks.aggregations. */
export const recordLabels = queryCheck("record-labels", "warning", function* ({ rule, tree }, context) {
  const { aggregations } = context.settings;
  if (rule.kind !== "record" || aggregations.length === 0) return;
  const own = labelsOf(rule);
  for (const { records, keep, drop } of aggregations) {
    if (!fits(records, rule.name.value)) continue;
    const labels = labelsIn(context)(tree);
    const has = (name: string) => own.get(name)?.value !== "" && (own.has(name) || mayHave(labels, name));
    for (const name of keep)
      if (!has(name))
        yield {
          at: tree,
          what: `The record "${rule.name.value}" has lost the label ${name}.`,
          why: `alerting.checks.aggregations has records that match ${records} keep it.`,
          next: `Keep it: \`by (${name}, ...)\`.`,
        };
    for (const name of drop)
      if (has(name))
        yield {
          at: tree,
          what: `The record "${rule.name.value}" may have the label ${name}.`,
          why: `alerting.checks.aggregations has records that match ${records} drop it.`,
          next: `Drop it: \`sum without (${name}) (...)\`.`,
        };
  }
});
