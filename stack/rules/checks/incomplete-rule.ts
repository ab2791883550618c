import { isMap } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeAt, type RuleCheck } from "../check.js";
import type { Part, RuleFile } from "../model.js";
import { type Entry, entriesOf, entryOf, isNull, type Mapping } from "../yaml.js";

const id = "incomplete-rule";
const ruleKeys = ["record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"];

/** A rule needs one name and an expression, a group a name; a recording rule can't wait or be annotated. */
export const incompleteRule: RuleCheck = {
  id,
  severity: "error",
  run: ({ files }) =>
    files.flatMap((file) =>
      file.parts.flatMap((part) => {
        if (!isMap(part.node)) return [];
        if (part.role === "rule") return ruleProblems(file, part);
        return part.role === "group" ? groupProblems(file, part) : [];
      }),
    ),
};

function groupProblems(file: RuleFile, { node, document }: Part): Problem[] {
  const name = entryOf(entriesOf(document, node as Mapping), "name");
  if (name && !isEmpty(name)) return [];
  return [
    {
      id,
      severity: "error",
      what: "A group has no name.",
      next: "Give it a name that no other group of this file has.",
      place: placeAt(file, name ? name.keyNode.range[0] : node!.range[0]),
    },
  ];
}

function ruleProblems(file: RuleFile, { node, document }: Part): Problem[] {
  const entries = entriesOf(document, node as Mapping);
  const given = (key: string) => {
    const entry = entryOf(entries, key);
    return entry && !isEmpty(entry) ? entry : undefined;
  };
  const fault = (what: string, next: string, at = node!.range[0]): Problem => ({
    id,
    severity: "error",
    what,
    next,
    place: placeAt(file, at),
  });
  // unknown-rule-key names the key that is meant then.
  const misspelt = (key: string) =>
    !entryOf(entries, key) &&
    entries.some((each) => !ruleKeys.includes(each.key) && didYouMean(each.key, ruleKeys) === key);
  const [alert, record] = [given("alert"), given("record")];
  const problems: Problem[] = [];
  if (!alert && !record && !misspelt("alert") && !misspelt("record"))
    problems.push(
      fault("This rule is neither an alert nor a record.", "Give it a name with the key alert or record."),
    );
  if (alert && record) {
    problems.push(
      fault(
        "This rule is both an alert and a record.",
        "Make two rules of it.",
        Math.max(alert.keyNode.range[0], record.keyNode.range[0]),
      ),
    );
  }
  if (!given("expr") && !misspelt("expr")) {
    const expr = entryOf(entries, "expr");
    problems.push(
      fault("This rule has no expression.", "Give it one with the key expr.", expr?.keyNode.range[0]),
    );
  }
  if (!record) return problems;
  for (const key of ["for", "keep_firing_for", "annotations"]) {
    const entry = given(key);
    if (!entry || isNothing(key, entry)) continue;
    problems.push(
      fault(
        `A recording rule can't have "${key}".`,
        "Take it out; it is for alerts.",
        entry.keyNode.range[0],
      ),
    );
  }
  return problems;
}

function isEmpty({ value }: Entry): boolean {
  return isNull(value) || (value !== undefined && "value" in value && value.value === "");
}

/** `for: 0s` and `annotations: {}` say nothing, and Prometheus lets them pass. */
function isNothing(key: string, { value }: Entry): boolean {
  if (key === "annotations") return isMap(value) && value.items.length === 0;
  return value !== undefined && "value" in value && /^0+(ms|s|m|h|d|w|y)?$/.test(String(value.value));
}
