import { Document, isScalar, type Node, visit } from "yaml";

/** Text that is a string to YAML 1.1, by whose rules we write, and a number to readers that know YAML 1.2. */
const ambiguous = /^([-+]?0o[0-7]+|[-+]?\d+[eE][-+]?\d+)$/;

/**
 * YAML text of a value, keys in the order given, with comment lines on top.
 * Strings that YAML 1.1 or 1.2 would read as something else (`on`, `012`, `1:30`, `0o14`) are quoted, because the Go
 * programs' readers know parts of both; lines are never folded, so a query stays searchable.
 */
export function toYaml(value: unknown, options: { banner?: readonly string[] } = {}): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  // The version is how to write, not something to declare in the file.
  document.directives = undefined;
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === "string" && ambiguous.test(node.value)) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  const banner = (options.banner ?? []).map((line) => `# ${line}\n`).join("");
  return banner + document.toString({ lineWidth: 0, directives: false });
}

/** A value that {@link toYaml} writes under comment lines of its own. */
export function withComment(value: object, comment: readonly string[]): object {
  if (comment.length === 0) return value;
  const node = new Document(value, { version: "1.1", aliasDuplicateObjects: false }).contents as Node;
  node.commentBefore = comment.map((line) => ` ${line}`).join("\n");
  return node;
}
