import { isMap, type Scalar } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { didYouMean } from "../../validate/suggest.js";
import { placeAt, type RuleCheck } from "../check.js";
import { fieldsOf, isMappingRole, type MappingRole, titles } from "../fields.js";
import type { RuleFile } from "../model.js";
import { entriesOf, type Mapping } from "../yaml.js";
import { belongsElsewhere } from "./wrong-nesting.js";

/** A key that Prometheus doesn't know in that place: it refuses the whole file. */
export const unknownRuleKey: RuleCheck = {
  id: "unknown-rule-key",
  severity: "error",
  run: ({ files }) => files.flatMap(unknownKeys),
};

function unknownKeys(file: RuleFile): Problem[] {
  const seen = new Set<Scalar.Parsed>();
  return file.parts.flatMap(({ role, node, document }) => {
    if (!isMappingRole(role) || !isMap(node)) return [];
    const known = fieldsOf(file, role);
    return entriesOf(document, node as Mapping)
      .filter(
        ({ key, keyNode }) =>
          !known.includes(key) && !belongsElsewhere(file, role, key) && once(seen, keyNode),
      )
      .map(({ key, keyNode }) => unknownKey(file, role, key, keyNode));
  });
}

/** What is merged into several mappings is said once. */
function once(seen: Set<Scalar.Parsed>, key: Scalar.Parsed): boolean {
  const first = !seen.has(key);
  seen.add(key);
  return first;
}

function unknownKey(file: RuleFile, role: MappingRole, key: string, keyNode: Scalar.Parsed): Problem {
  const known = fieldsOf(file, role);
  const meant = didYouMean(key, known);
  return {
    id: "unknown-rule-key",
    severity: "error",
    what: `A ${titles[role]} has no key "${key}".`,
    next: meant ? `Did you mean "${meant}"?` : `Known keys: ${known.join(", ")}.`,
    place: placeAt(file, keyNode.range[0]),
  };
}
