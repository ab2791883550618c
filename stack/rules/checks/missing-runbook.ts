import { dirname, resolve } from "node:path";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck, type RuleCheckContext } from "../check.js";
import { type Rule, rulesOf } from "../model.js";

/** A runbook that is named as a file, and isn't there. Whether a URL answers is not looked at: checks work offline. */
export const missingRunbook: RuleCheck = {
  id: "missing-runbook",
  severity: "warning",
  run: (context) =>
    rulesOf(context.files).flatMap((rule) => (rule.kind === "alert" ? missing(rule, context) : [])),
};

function missing(rule: Rule, { root, exists }: RuleCheckContext): Problem[] {
  const { file } = rule.group;
  return ["runbook_url", "runbook"].flatMap((name): Problem[] => {
    const annotation = rule.annotations.get(name);
    const path = annotation && filePath(annotation.value);
    if (!annotation || path === undefined) return [];
    const folders = [dirname(file.absolutePath), root];
    if (folders.some((folder) => exists(resolve(folder, path)))) return [];
    return [
      {
        id: "missing-runbook",
        severity: "warning",
        what: `There is no runbook ${path}.`,
        why: "Whoever is woken by this alert looks for it.",
        next: "Paths begin at the rule file's folder, or at the project's.",
        place: placeIn(file, annotation, annotation.value.indexOf(path)),
      },
    ];
  });
}

/** The file that a text names, without its fragment; undefined for URLs, templates and prose. */
function filePath(text: string): string | undefined {
  const path = text.trim().split("#")[0]!;
  if (path === "" || /\s|\{\{|^[a-z][a-z\d+.-]*:|^\/\//i.test(path)) return undefined;
  return /\.(md|mdx|markdown|txt|adoc|rst|html?|pdf)$/i.test(path) || /^\.{0,2}\//.test(path)
    ? path
    : undefined;
}
