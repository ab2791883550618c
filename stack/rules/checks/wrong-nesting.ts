import { isMap, isSeq, type ParsedNode } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, type RuleCheck } from "../check.js";
import { fieldsOf, isMappingRole, type MappingRole, titles } from "../fields.js";
import type { RuleFile } from "../model.js";
import { entriesOf, type Mapping, resolved } from "../yaml.js";

/** Right keys in the wrong place: a rule beside `rules`, groups below `alerting`. */
export const wrongNesting: RuleCheck = {
  id: "wrong-nesting",
  severity: "error",
  run: ({ files }) => files.flatMap(misplaced),
};

const roles: readonly MappingRole[] = ["file", "group", "rule"];
const wrappers = ["alerting", "alerts", "alert_rules", "recording", "spec", "prometheus"];

/** Where a key that a mapping doesn't know would be right. `for` in a group, `groups` in a rule. */
export function belongsElsewhere(
  file: RuleFile,
  role: MappingRole,
  key: string,
): MappingRole | "wrapper" | undefined {
  if (role === "file" && wrappers.includes(key)) return "wrapper";
  if (fieldsOf(file, role).includes(key)) return undefined;
  return roles.find((other) => other !== role && fieldsOf(file, other).includes(key));
}

function misplaced(file: RuleFile): Problem[] {
  return file.parts.flatMap(({ role, node, document }): Problem[] => {
    if (!isMappingRole(role)) return [];
    if (isSeq(node) && role === "file") return bareList(file, node);
    if (!isMap(node)) return [];
    const entries = entriesOf(document, node as Mapping);
    const known = fieldsOf(file, role);
    if (entries.every(({ key }) => known.includes(key))) return [];
    return entries.flatMap(({ key, keyNode, value }): Problem[] => {
      const right = belongsElsewhere(file, role, key);
      if (right === undefined) return [];
      const place = placeAt(file, keyNode.range[0]);
      if (right === "wrapper") {
        const inner = isMap(value) ? entriesOf(document, value as Mapping).map((entry) => entry.key) : [];
        return [
          {
            id: "wrong-nesting",
            severity: "error",
            what: `Rules can't stand below "${key}".`,
            why: 'A rule file has the one key "groups" at its top; Prometheus refuses all others.',
            next: inner.includes("groups")
              ? `Take "${key}" out, and "groups" to the left.`
              : "Write groups: - name: … rules: instead.",
            place,
          },
        ];
      }
      return [
        {
          id: "wrong-nesting",
          severity: "error",
          what: `"${key}" is a key of a ${titles[right]}, and stands in a ${titles[role]}.`,
          next: mend(role, right, key),
          place,
        },
      ];
    });
  });
}

function mend(role: MappingRole, right: MappingRole, key: string): string {
  if (right === "rule" && role === "group")
    return 'Move it into an entry of the group\'s "rules", indented deeper.';
  if (right === "rule") return "Rules stand in groups: groups: - name: … rules: - …";
  if (right === "group" && role === "file") return 'Groups are entries of the list "groups".';
  return `Move "${key}" out to the ${titles[right]}.`;
}

/** A file that is a list: of groups, of rules. */
function bareList(file: RuleFile, node: ParsedNode): Problem[] {
  return [
    {
      id: "wrong-nesting",
      severity: "error",
      what: 'A rule file is a mapping with the key "groups"; this is a list.',
      next: listsRules(file, node)
        ? "Write groups: - name: … rules: in front of it."
        : 'Write "groups:" in front of it.',
      place: placeAt(file, node.range[0]),
    },
  ];
}

function listsRules(file: RuleFile, node: ParsedNode): boolean {
  const document = file.documents[0];
  return (
    document !== undefined &&
    isSeq(node) &&
    node.items.some((item) => {
      const entry = resolved(document, item as ParsedNode);
      return isMap(entry) && (entry.has("alert") || entry.has("record"));
    })
  );
}
