import { readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { packageRoot } from "../package-root.js";
import { type Project, shownPath } from "../project.js";
import type { Located, Position, Rule, RuleFile } from "../rules/model.js";
import { readRuleFile } from "../rules/read.js";
import type { ProjectRuleFile } from "../services/service.js";
import { isSloPack } from "../slo/define-slo.js";
import { inputBehind } from "../slo/place.js";
import type { Place, Problem } from "../validate/problem.js";
import type { RulePack, TypedRule } from "./define-rules.js";

/** Where the packs of a definition were written. */
export interface PackSources {
  project: Pick<Project, "root" | "configFile">;
  ruleFiles: readonly ProjectRuleFile[];
  /** Text of a file, undefined where there is none; replaced in tests. */
  read?: (path: string) => string | undefined;
}

/**
 * Findings about the rule files rendered from typed packs, placed where the user wrote the rule: the text itself where it
 * stands there as it is, else the name of the rule, else (packs that come with obs) the pack in the definition.
 */
export function atPackSources(problems: readonly Problem[], sources: PackSources): Problem[] {
  const packs = new Map(
    sources.ruleFiles.flatMap((file) =>
      file.pack ? [[file.source, { ...file, pack: file.pack }] as const] : [],
    ),
  );
  if (packs.size === 0) return [...problems];
  const read = sources.read ?? readText;
  const models = new Map<string, RuleFile>();
  const told = new Set<string>();
  return problems.flatMap((problem) => {
    const file = problem.place && packs.get(problem.place.file);
    if (!problem.place || !file) return [problem];
    const { source, text } = file;
    const model = models.get(source) ?? readRuleFile({ path: source, absolutePath: source, text });
    models.set(source, model);
    const place = sourcePlace(problem.place, { model, pack: file.pack, ...sources, read });
    // A query of an SLO is in a dozen of its rules, and wrong in all of them.
    const key = isSloPack(file.pack) && JSON.stringify([problem.id, problem.what, place]);
    if (key && told.has(key)) return [];
    if (key) told.add(key);
    return [{ ...problem, place }];
  });
}

interface Translation {
  model: RuleFile;
  pack: RulePack;
  project: PackSources["project"];
  read: (path: string) => string | undefined;
}

function sourcePlace(place: Place, { model, pack, project, read }: Translation): Place {
  const definition = shownPath(project as Project, project.configFile);
  const keyPath = (rest: string) => ({ file: definition, keyPath: `alerting.packs.${pack.name}${rest}` });
  const rule = ruleAt(model, place);
  if (!rule) return keyPath("");
  if (isSloPack(pack)) {
    const key = inputBehind(pack, { kind: rule.kind, name: rule.name.value });
    return keyPath(key && `.${key}`);
  }
  const typed = typedRule(pack, rule);
  const part = partAt(rule, place);
  if (typed) return declaredPlace(typed, pack, project, { part, read });
  return keyPath(`.${rule.name.value}${part ? `.${part.key}` : ""}`);
}

/** Where the user wrote a rule of a pack, or a part of it; of packs that come with obs, the pack in the definition. */
export function declaredPlace(
  { name, declaredIn: file }: TypedRule,
  pack: RulePack,
  project: PackSources["project"],
  { part, read = readText }: { part?: Part; read?: PackSources["read"] } = {},
): Place {
  const text = file !== undefined && isInside(project.root, file) ? read(file) : undefined;
  if (file === undefined || text === undefined)
    return {
      file: shownPath(project as Project, project.configFile),
      keyPath: `alerting.packs.${pack.name}.${name}${part ? `.${part.key}` : ""}`,
    };
  const shown = shownPath(project as Project, file);
  const named = quotedAt(text, name);
  if (named === undefined) return { file: shown };
  const written = part && writtenAt(text, part.value, part.offset, named);
  return { file: shown, ...positionIn(text, written ?? named) };
}

/** The rule that a place of the rendered file lies in. */
function ruleAt(model: RuleFile, place: Place): Rule | undefined {
  const { line } = place;
  if (line === undefined) return undefined;
  const rules = model.groups.flatMap(({ rules }) => rules);
  // A comment stands above its rule.
  return rules.find(
    ({ span }) =>
      line <= model.positionAt(span.end).line &&
      (model.positionAt(span.start).line <= line || isComment(model, line)),
  );
}

function isComment({ text }: RuleFile, line: number): boolean {
  return /^\s*#/.test(text.split("\n")[line - 1] ?? "");
}

/** The rule of the pack by its name and, where several have it, its expression. */
function typedRule(pack: RulePack, { kind, name, expr }: Rule): TypedRule | undefined {
  const named = pack.groups
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.kind === kind && rule.name === name.value);
  return named.find((rule) => rule.expr.trim() === expr.value.trim()) ?? named[0];
}

interface Part {
  /** Of the typed rule. */
  key: string;
  value: string;
  /** UTF-16 units into the value. */
  offset: number;
}

/** The text of a rule that a place lies in. */
function partAt(rule: Rule, place: Place): Part | undefined {
  const parts: [string, Located<string> | undefined][] = [
    ["expr", rule.expr],
    ["for", rule.for],
    ["keepFiringFor", rule.keepFiringFor],
    ...[...rule.annotations].map(([key, value]): [string, Located<string>] => [key, value]),
    ...[...rule.labels].map(([key, value]): [string, Located<string>] => [key, value]),
  ];
  for (const [key, part] of parts) {
    if (!part || place.line === undefined) continue;
    const offset = offsetOf(part, { line: place.line, column: place.column ?? 1 });
    if (offset !== undefined) return { key, value: part.value, offset };
  }
  return undefined;
}

/** The offset of a value that stands at a position, or undefined where the position lies outside. */
function offsetOf(text: Located<string>, at: Position): number | undefined {
  if (before(at, text.positionOf(0)) || before(text.positionOf(text.value.length), at)) return undefined;
  let [low, high] = [0, text.value.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(text.positionOf(middle), at)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function before(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/** Where a text stands in quotes. */
function quotedAt(text: string, name: string): number | undefined {
  const places = ['"', "'", "`"].map((quote) => text.indexOf(quote + name + quote)).filter((at) => at >= 0);
  return places.length > 0 ? Math.min(...places) + 1 : undefined;
}

/**
 * Where the character `offset` of a value stands in the source, from a place on: found by the line it is in, or by as much
 * of that line's beginning as the source has, which may go on with `${...}`.
 */
function writtenAt(text: string, value: string, offset: number, from: number): number | undefined {
  const lineStart = value.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = value.indexOf("\n", offset);
  const line = value.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const indent = line.length - line.trimStart().length;
  const within = Math.max(0, offset - lineStart - indent);
  for (let words = line.trim().split(/(?<=\s)/); words.length > 0; words = words.slice(0, -1)) {
    const beginning = words.join("");
    if (beginning.length <= within) return undefined;
    const found = text.indexOf(beginning, from);
    if (found >= 0) return found + within;
  }
  return undefined;
}

function positionIn(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function isInside(root: string, file: string): boolean {
  // A clone of obs is itself a project, in which the packs that come with it lie as they were built.
  if (file.startsWith(join(packageRoot, "dist"))) return false;
  const inside = relative(root, file);
  return !inside.startsWith("..") && !isAbsolute(inside) && !inside.includes("node_modules");
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
