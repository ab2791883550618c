import { isMap, isSeq, type ParsedNode } from "yaml";
import { lineIndex } from "../../rules/line-index.js";
import type { Located, Position } from "../../rules/model.js";
import { entriesOf, faultsOf, isNull, locatedText, parseYaml, resolved, spanOf } from "../../rules/yaml.js";
import type { Place, Problem, Severity } from "../../validate/problem.js";

/** A value of a YAML file, with its place. Asking for what isn't there gives nothing, at the place of what is. */
export interface Spec {
  exists: boolean;
  /** Of the value; of its key where it is given as `keys` does. */
  place: Place;
  /** Undefined for lists and mappings. */
  text?: Located<string>;
  get(key: string): Spec;
  /** Of a mapping, in order; places are those of the keys. */
  keys(): { key: string; place: Place; value: Spec }[];
  /** Of a list. */
  items(): Spec[];
}

/** The documents of a YAML file that can be read, and what is wrong with the others. */
export function readSpecs(file: string, text: string): { specs: Spec[]; problems: Problem[] } {
  const positionAt = lineIndex(text);
  const placeAt = (position: Position): Place => ({ file, ...position });
  const parsed = parseYaml(text);
  if ("unparsed" in parsed) {
    return {
      specs: [],
      problems: [problem("error", `${file} can't be read: ${parsed.unparsed}.`, { file })],
    };
  }
  const specs: Spec[] = [];
  const problems: Problem[] = [];
  for (const document of parsed.documents) {
    const [fault] = faultsOf(document);
    if (fault) {
      const what = `This is not YAML: ${fault.message.split("\n")[0]}.`;
      problems.push(problem("error", what, placeAt(positionAt(fault.pos[0]))));
      continue;
    }
    const view = (node: ParsedNode | undefined, outer: Place): Spec => {
      const place = node ? placeAt(positionAt(spanOf(node).start)) : outer;
      const entries = isMap(node) ? entriesOf(document, node) : [];
      return {
        exists: !isNull(node),
        place,
        text: isNull(node) ? undefined : locatedText(node, text, positionAt),
        get: (key) => view(entries.find((entry) => entry.key === key)?.value, place),
        keys: () =>
          entries.map(({ key, keyNode, value }) => {
            const at = placeAt(positionAt(spanOf(keyNode).start));
            return { key, place: at, value: view(value, at) };
          }),
        items: () =>
          isSeq(node) ? node.items.map((item) => view(resolved(document, item as ParsedNode), place)) : [],
      };
    };
    const root = view(resolved(document, document.contents), { file });
    if (root.exists) specs.push(root);
  }
  return { specs, problems };
}

/** A finding of the import. */
export function problem(
  severity: Severity,
  what: string,
  place: Place,
  more: Pick<Problem, "why" | "next"> = {},
): Problem {
  return { id: "slo-import", severity, what, ...more, place };
}

/** The text of a scalar; undefined and a problem where something else stands, or nothing. */
export function required(spec: Spec, name: string, problems: Problem[]): string | undefined {
  const value = spec.text?.value.trim();
  if (value) return value;
  problems.push(problem("error", spec.exists ? `${name} is no text.` : `There is no ${name}.`, spec.place));
  return undefined;
}
