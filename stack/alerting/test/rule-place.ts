import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { type Project, shownPath } from "../../project.js";
import type { Place } from "../../validate/problem.js";
import type { RuleInPack } from "./subset.js";

/**
 * Where a rule, or a text that belongs to it (the name of a case), stands in the user's own file; for rules that come with
 * obs, their pack in the definition.
 */
export function rulePlace(
  project: Project,
  { pack, rule }: RuleInPack,
  text?: string,
  read: (path: string) => string | undefined = readText,
): Place {
  const file = rule.declaredIn;
  const source = file !== undefined && isInside(project.root, file) ? read(file) : undefined;
  if (file === undefined || source === undefined)
    return {
      file: shownPath(project, project.configFile),
      keyPath: `alerting.packs.${pack.name}.${rule.name}`,
    };
  const named = quotedAt(source, rule.name, 0);
  const at = (text === undefined ? undefined : quotedAt(source, text, named ?? 0)) ?? named;
  return { file: shownPath(project, file), ...(at !== undefined && positionOf(source, at)) };
}

/** Where a text stands in quotes, from a place on. */
function quotedAt(source: string, text: string, from: number): number | undefined {
  const places = ['"', "'", "`"]
    .map((quote) => source.indexOf(quote + text + quote, from))
    .filter((at) => at >= 0);
  return places.length > 0 ? Math.min(...places) + 1 : undefined;
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  const lines = source.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function isInside(root: string, file: string): boolean {
  const inside = relative(root, file);
  return !inside.startsWith("..") && !isAbsolute(inside) && !/(^|[\\/])(node_modules|dist)[\\/]/.test(inside);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
