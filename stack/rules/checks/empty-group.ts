import { isMap, isSeq } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, type RuleCheck } from "../check.js";
import type { RuleFile } from "../model.js";
import { entriesOf, faultsOf, isNull, type Mapping } from "../yaml.js";

/** Files and groups without anything to evaluate: Prometheus takes them, and nobody notices what is missing. */
export const emptyGroup: RuleCheck = {
  id: "empty-group",
  severity: "warning",
  run: ({ files }) => files.flatMap((file) => [...noGroups(file), ...noRules(file), ...emptyEntries(file)]),
};

function finding(what: string, next: string, place: Problem["place"]): Problem {
  return { id: "empty-group", severity: "warning", what, next, place };
}

function noGroups(file: RuleFile): Problem[] {
  // A file that is no YAML has been found already.
  if (file.unparsed !== undefined || file.documents.some((document) => faultsOf(document).length > 0))
    return [];
  if (file.text.trim() === "")
    return [finding("This file is empty.", "Fill it, or delete it.", { file: file.path })];
  const tops = file.parts.filter(({ role }) => role === "file");
  if (tops.length === 0)
    return [
      finding("There is nothing but comments in this file.", "Fill it, or delete it.", { file: file.path }),
    ];
  return tops.flatMap((top) => {
    if (!isNull(top.node) && !isMap(top.node)) return [];
    const entries = isMap(top.node) ? entriesOf(top.document, top.node as Mapping) : [];
    const groups = entries.find(({ key }) => key === "groups");
    if (isSeq(groups?.value) ? groups.value.items.length > 0 : groups && !isNull(groups.value)) return [];
    // Keys that don't belong there say more about what is wrong.
    if (!groups && entries.length > 0) return [];
    const at = groups?.keyNode.range[0] ?? top.key?.range[0] ?? top.node?.range[0] ?? 0;
    return [
      finding(
        "There is no group of rules in this file.",
        'Rules stand below "groups": groups: - name: … rules: - …',
        placeAt(file, at),
      ),
    ];
  });
}

function noRules(file: RuleFile): Problem[] {
  return file.parts.flatMap(({ role, node, document }) => {
    if (role !== "group" || !isMap(node)) return [];
    const entries = entriesOf(document, node as Mapping);
    const rules = entries.find(({ key }) => key === "rules");
    if (isSeq(rules?.value) ? rules.value.items.length > 0 : rules && !isNull(rules.value)) return [];
    const name = entries.find(({ key }) => key === "name")?.value;
    const shown = name && "value" in name && name.value ? ` "${name.value}"` : "";
    return [
      finding(
        `The group${shown} has no rules.`,
        "Add some, or take it out.",
        placeAt(file, rules?.keyNode.range[0] ?? node.range[0]),
      ),
    ];
  });
}

/** A dash with nothing behind it. */
function emptyEntries(file: RuleFile): Problem[] {
  return file.parts.flatMap(({ role, node }) =>
    (role === "rule" || role === "group") && node !== undefined && isNull(node)
      ? [
          finding(
            `There is nothing in this entry of "${role}s".`,
            "Fill it, or take the dash out.",
            placeAt(file, node.range[0]),
          ),
        ]
      : [],
  );
}
