import { isMap, isPair, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, type RuleCheck } from "../check.js";
import type { RuleFile } from "../model.js";
import { faultsOf, isPlain } from "../yaml.js";

/** A key twice in one mapping: Prometheus refuses the file, other readers take the last one. */
export const duplicateKey: RuleCheck = {
  id: "duplicate-key",
  severity: "error",
  run: ({ files }) => files.flatMap(duplicates),
};

function duplicates(file: RuleFile): Problem[] {
  const found: Problem[] = [];
  for (const document of judged(file)) {
    for (const map of mappingsIn(document.contents)) {
      const seen = new Map<string, ParsedNode>();
      for (const { key } of map.items) {
        if (!isScalar(key) || !key.range) continue;
        const name = String(key.value);
        const first = seen.get(name);
        if (!first) seen.set(name, key as ParsedNode);
        else {
          found.push({
            id: "duplicate-key",
            severity: "error",
            what: `The key "${name}" is already there in line ${file.positionAt(first.range[0]).line}.`,
            next: "Take one of the two out.",
            place: placeAt(file, key.range[0]),
          });
        }
      }
    }
  }
  return found;
}

/** Documents that somebody reads: of several, Prometheus takes the first; of a broken one, nobody anything. Plain ones have none. */
function judged(file: RuleFile) {
  const documents = file.kind === "kubernetes" ? file.documents : file.documents.slice(0, 1);
  return documents.filter((document) => !isPlain(document) && faultsOf(document).length === 0);
}

/** Every mapping in a node. The library's visit does the same in five times the time: it keeps the path to each node. */
function mappingsIn(node: unknown, found: YAMLMap[] = []): YAMLMap[] {
  if (isMap(node)) found.push(node);
  if (isMap(node) || isSeq(node)) for (const item of node.items) mappingsIn(item, found);
  else if (isPair(node)) {
    if (!isScalar(node.key)) mappingsIn(node.key, found);
    if (!isScalar(node.value)) mappingsIn(node.value, found);
  }
  return found;
}
