import { stringify } from "yaml";

/**
 * YAML text of a value, keys in the order given, with comment lines on top.
 * Strings that YAML 1.1 would read as something else (`on`, `012`, `1:30`) are quoted, because the Go programs'
 * readers still do; lines are never folded, so a query stays searchable.
 */
export function toYaml(value: unknown, options: { banner?: readonly string[] } = {}): string {
  const text = stringify(value, {
    version: "1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: "PLAIN",
    defaultKeyType: "PLAIN",
  });
  const banner = (options.banner ?? []).map((line) => `# ${line}\n`).join("");
  return banner + text;
}
