import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { packageRoot } from "../../stack/package-root.js";

/** Every expression of the rule files in some folders (relative to the project's), each once, in order. */
export function corpus(...folders: string[]): string[] {
  const exprs = folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .flatMap((name) => parseAllDocuments(readFileSync(join(packageRoot, folder, name), "utf8")))
      .flatMap((document) => rulesIn(document.toJS())),
  );
  return [...new Set(exprs)];
}

function rulesIn(content: unknown): string[] {
  const groups = (content as { groups?: unknown } | null)?.groups;
  if (!Array.isArray(groups)) return [];
  return groups.flatMap(({ rules }) => (rules ?? []).map(({ expr }: { expr: unknown }) => String(expr)));
}
