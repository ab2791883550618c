import { mayHave } from "../../promql/index.js";
import type { Rule } from "../model.js";
import { queryCheck } from "../queries.js";
import { labelsIn } from "../record-labels.js";

/** Labels whose values never end: one for each person, request or process. */
export const unbounded =
  /^(?:user|user_?id|username|email|customer_?id|session|session_?id|conversation_?id|gen_ai_conversation_id|request_?id|correlation_?id|trace_?id|span_?id|message_?id|prompt|url|full_url|query|sql|ip|client_ip|remote_addr|uuid|guid|enduser_id|user_agent)$/i;

/** What is wrong with grouping by such a label, in either query language. */
export function groupedWithoutEnd(label: string, { kind }: Pick<Rule, "kind">) {
  return {
    what: `Grouping by \`${label}\` makes ${kind === "record" ? "a series" : "an alert"} for every single value of it.`,
    why:
      kind === "record"
        ? "Series without end fill Prometheus' memory."
        : "Nobody can read that many notifications.",
    next: "Group by something with few values, or keep the largest: `topk(10, ...)`.",
  };
}

/** Grouping by labels with a value for each user, request or trace. */
export const promqlCardinality = queryCheck(
  "promql-cardinality",
  "warning",
  function* ({ aggregations, tree, rule }, context) {
    if (aggregations.length === 0) return;
    const result = labelsIn(context)(tree);
    for (const { grouping, name, parent, param } of aggregations) {
      if (name === "count_values" && param?.kind === "string") {
        if (grouping && !grouping.without && grouping.labels.some((label) => label.name === param.value))
          yield {
            at: param,
            what: `\`count_values\` writes the values into \`${param.value}\`, by which it groups.`,
            why: "One takes the place of the other.",
            next: "Give the values a label of their own.",
          };
        else if (mayHave(result, param.value))
          yield {
            at: param,
            severity: "notice",
            what: `\`count_values\` makes ${rule.kind === "record" ? "a series" : "an alert"} for every value that turns up.`,
            why: "Values of a measurement never end; those of a version or a state are few.",
            next: "Leave it as it is for few values, and use a histogram for others.",
          };
      }
      if (!grouping || grouping.without) continue;
      // The few largest are few; and what is counted or summed up again is one number in the end.
      if (parent?.kind === "aggregation" && /^(?:topk|bottomk)$/.test(parent.name)) continue;
      if (/^(?:topk|bottomk)$/.test(name)) continue;
      for (const label of grouping.labels)
        if (unbounded.test(label.name) && mayHave(result, label.name))
          yield { at: label, ...groupedWithoutEnd(label.name, rule) };
    }
  },
);
