import { analyse, bare, type LabelReader, mayHave, type Node } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeIn, type RuleCheck } from "../check.js";
import type { Rule } from "../model.js";
import { excerpt, type Query, queriesOf } from "../queries.js";
import { labelsIn } from "../record-labels.js";
import { type LabelUse, labelUses, type RuleTemplate, templatesOf } from "../template/of-rule.js";
import { textOf, typesOf } from "../template/types.js";

/**
 * A template reads a label that the alert's expression has lost. Only the labels of the expression's result are there:
 * Prometheus expands templates before it adds the labels of the rule (rules/alerting.go, `AlertTemplateData`).
 */
export const lostLabel: RuleCheck = {
  id: "lost-label",
  severity: "warning",
  run(context) {
    const problems: Problem[] = [];
    const labelsOf = labelsIn(context);
    for (const query of queriesOf(context)) {
      const { rule, tree } = query;
      for (const { kind, name, text, parsed } of templatesOf(rule)) {
        if (parsed.fault) continue;
        if (/\bquery\b/.test(text.value))
          problems.push(...ofQueries(rule, { kind, name, text, parsed }, labelsOf));
        for (const { label, at } of labelUses(parsed)) {
          const labels = labelsOf(tree);
          if (mayHave(labels, label)) {
            const without =
              isAlternatives(tree) && alternatives(tree).find((each) => !mayHave(labelsOf(each), label));
            if (without && label !== "__name__")
              problems.push(inSomeAlerts(query, without, { kind, name, text, parsed }, { label, at }));
            continue;
          }
          if (label === "__name__") {
            problems.push(nameIsLost(rule, { kind, name, text, parsed }, at));
            continue;
          }
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

function nameIsLost(rule: Rule, { kind, name, text }: RuleTemplate, at: number): Problem {
  return {
    id: "lost-label",
    severity: "warning",
    what: `The ${kind} "${name}" reads the name of the metric, which the expression does not keep.`,
    why: "What is computed with functions, operators or aggregations has no name any more: it stays empty.",
    next: "Write the name out.",
    place: placeIn(rule.group.file, text, at),
  };
}

/** Labels that a template reads of a query of its own. */
function ofQueries(rule: Rule, { kind, name, text, parsed }: RuleTemplate, labelsOf: LabelReader): Problem[] {
  return typesOf(parsed).queryLabels.flatMap(({ label, at, query }): Problem[] => {
    const { tree, errors } = analyse(textOf(query));
    if (!tree || errors.length > 0 || mayHave(labelsOf(tree), label)) return [];
    return [
      {
        id: "lost-label",
        severity: "warning",
        what: `The ${kind} "${name}" reads the label ${label}, which its query does not keep.`,
        why: "It stays empty in every alert.",
        next: `Keep it in the query: \`by (${label}, ...)\`.`,
        place: placeIn(rule.group.file, text, at),
      },
    ];
  });
}

function isAlternatives(root: Node): boolean {
  const node = bare(root);
  return node.kind === "binary" && node.operator === "or";
}

/** What is joined by `or`. */
function alternatives(root: Node): Node[] {
  const found: Node[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const inner = bare(node);
    if (inner.kind === "binary" && inner.operator === "or") open.push(inner.left, inner.right);
    else found.push(inner);
  }
  return found;
}

function inSomeAlerts(
  query: Query,
  without: Node,
  { kind, name, text }: RuleTemplate,
  { label, at }: LabelUse,
): Problem {
  return {
    id: "lost-label",
    severity: "notice",
    what: `The ${kind} "${name}" reads the label ${label}, which alerts from \`${excerpt(query, without)}\` don't have.`,
    why: "It stays empty in those.",
    next: `Ask for it before it is printed, \`{{ if $labels.${label} }}\`, or make two alerts of it.`,
    place: placeIn(query.rule.group.file, text, at),
  };
}
