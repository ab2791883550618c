import { relative } from "node:path";
import pc from "picocolors";
import { caseKinds } from "../../stack/alerting/test/kinds.js";
import type { FileResult } from "../../stack/alerting/test/promtool-files.js";
import type { RuleResult } from "../../stack/alerting/test/test-packs.js";
import { columns } from "./table.js";
import { tookText } from "./time-text.js";

/** What came of testing rules. */
export interface RuleTests {
  rules: readonly RuleResult[];
  files: readonly FileResult[];
  /** How long it took, milliseconds. */
  ms: number;
  /** Folder of the project, which paths are shown from. */
  root: string;
}

/**
 * A row for each pack or, where `detailed`, each rule with the number of its cases by kind; a row for each rule that isn't as
 * it should be; a row for each test file; and the last line.
 */
export function formatRuleTests(
  { rules, files, ms, root }: RuleTests,
  { color, detailed }: { color: boolean; detailed: boolean },
): { rows: string; summary: string } {
  const colors = pc.createColors(color);
  const mark = (good: boolean) => (good ? colors.green("✔") : colors.red("✖"));
  const ruleRow = (result: RuleResult, indent = "") => {
    const { rule, cases, missing, pack } = result;
    const kinds =
      rule.kind === "alert" ? caseKinds.map((kind) => kindText(kind, result)) : [count(cases.length, "case")];
    const failed = cases.filter(({ passed }) => !passed).length;
    return [
      `${indent}${mark(failed === 0 && missing.length === 0)} ${rule.name}`,
      ...(detailed ? [colors.dim(pack.name)] : []),
      kinds
        .map((text) => (text.startsWith("no case") ? colors.red(text) : colors.dim(text)))
        .join(colors.dim(" · ")) + (failed > 0 ? colors.red(` · ${failed} failed`) : ""),
    ];
  };
  const rows = detailed
    ? rules.map((result) => ruleRow(result))
    : [...new Set(rules.map(({ pack }) => pack.name))].flatMap((name) => {
        const ofPack = rules.filter(({ pack }) => pack.name === name);
        const faulty = ofPack.filter((result) => !isProven(result));
        return [
          [`${mark(faulty.length === 0)} ${name}`, colors.dim(extentOf(ofPack).join(" · "))],
          ...faulty.map((result) => ruleRow(result, "  ")),
        ];
      });
  for (const { path, tests, failures } of files)
    rows.push([
      `${mark(failures.length === 0)} ${relative(root, path)}`,
      ...(detailed ? [colors.dim("promtool")] : []),
      colors.dim(count(tests, "test")) +
        (failures.length > 0 ? colors.red(` · ${failures.length} failed`) : ""),
    ]);
  return {
    rows: rows.length === 0 ? "" : columns(rows, { indent: 0, gap: 2 }),
    summary: summaryOf({ rules, files, ms, root }, mark),
  };
}

function isProven({ cases, missing }: RuleResult): boolean {
  return missing.length === 0 && cases.every(({ passed }) => passed);
}

function extentOf(rules: readonly RuleResult[]): string[] {
  const alerts = rules.filter(({ rule }) => rule.kind === "alert").length;
  const cases = rules.reduce((sum, { cases }) => sum + cases.length, 0);
  return [count(alerts, "alert"), count(rules.length - alerts, "record"), count(cases, "case")];
}

function kindText(kind: string, { cases }: RuleResult): string {
  const number = cases.filter((one) => one.kind === kind).length;
  if (number === 0) return `no case "${kind}"`;
  return number === 1 ? kind : `${number} ${kind}`;
}

function summaryOf({ rules, files, ms }: RuleTests, mark: (good: boolean) => string): string {
  const alerts = rules.filter(({ rule }) => rule.kind === "alert");
  const cases = rules.flatMap((result) => result.cases);
  const extent = [
    ...(rules.length > 0 ? extentOf(rules) : []),
    ...(files.length > 0 ? [`${count(files.length, "file")} for promtool`] : []),
  ].join(", ");
  if (extent === "")
    return "There is nothing to test: no typed rules in alerting.packs, no test file of promtool in alerts/.";
  const failed = cases.filter(({ passed }) => !passed).length;
  const unproven = alerts.filter(({ missing }) => missing.length > 0).length;
  const failedFiles = files.filter(({ failures }) => failures.length > 0).length;
  const faults = [
    ...(failed > 0 ? [`${count(failed, "case")} failed`] : []),
    ...(unproven > 0 ? [`${count(unproven, "alert")} lack${unproven === 1 ? "s" : ""} kinds of case`] : []),
    ...(failedFiles > 0 ? [`${count(failedFiles, "file")} failed`] : []),
  ];
  return faults.length === 0
    ? `${mark(true)} ${extent}: all as they should be, in ${tookText(ms)}.`
    : `${mark(false)} ${extent}: ${faults.join(", ")}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The results as machines read them. */
export function ruleTestReport({ rules, files, ms, root }: RuleTests): object {
  return {
    rules: rules.map(({ pack, rule, cases, missing }) => ({
      name: rule.name,
      kind: rule.kind,
      pack: pack.name,
      ...(rule.kind === "alert" && { missing }),
      cases,
    })),
    files: files.map(({ path, ...rest }) => ({ path: relative(root, path), ...rest })),
    ms: Math.round(ms),
  };
}
