import { labelsOf, mayHave } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeIn, type RuleCheck } from "../check.js";
import { queriesOf } from "../queries.js";
import { labelUses, templatesOf } from "../template/of-rule.js";

/**
 * A template reads a label that the alert's expression has lost. Only the labels of the expression's result are there:
 * Prometheus expands templates before it adds the labels of the rule (rules/alerting.go, `AlertTemplateData`).
 */
export const lostLabel: RuleCheck = {
  id: "lost-label",
  severity: "warning",
  run(context) {
    const problems: Problem[] = [];
    for (const { rule, tree } of queriesOf(context)) {
      const labels = labelsOf(tree);
      for (const { kind, name, text, parsed } of templatesOf(rule)) {
        if (parsed.fault) continue;
        for (const { label, at } of labelUses(parsed)) {
          if (label === "__name__" || mayHave(labels, label)) continue;
          const kept = labels.kind === "only" ? [...labels.names].sort() : [];
          const meant = didYouMean(label, kept);
          problems.push({
            id: "lost-label",
            severity: "warning",
            what: `The ${kind} "${name}" reads the label ${label}, which the expression does not keep.`,
            why: rule.labels.has(label)
              ? "It stays empty: labels that the rule itself sets are added after its texts are made."
              : "It stays empty in every alert.",
            next: meant
              ? `Did you mean ${meant}?`
              : `Keep it in the expression (\`by (${label}, ...)\`)${kept.length > 0 ? `, or use what is kept: ${kept.join(", ")}` : ", or leave it out"}.`,
            place: placeIn(rule.group.file, text, at),
          });
        }
      }
    }
    return problems;
  },
};
