import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import type { RuleFile, RuleGroup } from "../model.js";

/** Two groups of one name in a file: Prometheus refuses it. */
export const duplicateGroup: RuleCheck = {
  id: "duplicate-group",
  severity: "error",
  run: ({ files }) => files.flatMap(duplicates),
};

function duplicates(file: RuleFile): Problem[] {
  // The operator makes a file of each document.
  const first = new Map<unknown, Map<string, RuleGroup>>();
  return file.groups.flatMap((group): Problem[] => {
    if (!group.name) return [];
    const names = first.get(group.document) ?? new Map<string, RuleGroup>();
    first.set(group.document, names);
    const other = names.get(group.name.value);
    if (!other) {
      names.set(group.name.value, group);
      return [];
    }
    return [
      {
        id: "duplicate-group",
        severity: "error",
        what: `There is already a group "${group.name.value}" in line ${other.name!.positionOf(0).line} of this file.`,
        why: "Prometheus refuses a file with two groups of one name.",
        next: "Rename one, or put their rules together.",
        place: placeIn(file, group.name),
      },
    ];
  });
}
