import pc from "picocolors";
import { hasErrors, type Problem } from "../../stack/validate/problem.js";
import type { NotRun } from "../../stack/validate/programs.js";
import { summaryOf } from "./text.js";

/** What came of checking rules. */
export interface RuleOutcome {
  problems: readonly Problem[];
  files: number;
  rules: number;
  /** YAML files in named folders that hold no rules. */
  skipped: number;
  ran: readonly string[];
  notRun: readonly NotRun[];
}

/** The last lines: `2 files, 7 rules: 1 error, 2 warnings.`, and who did not judge. */
export function formatRuleVerdict(outcome: RuleOutcome, { color }: { color: boolean }): string {
  const colors = pc.createColors(color);
  const { problems, files, rules, skipped, ran, notRun } = outcome;
  const mark = hasErrors(problems) ? colors.red("✖") : colors.green("✔");
  const extent = `${count(files, "file")}, ${count(rules, "rule")}`;
  const findings =
    problems.length === 0 ? "no findings" : `${count(problems.length, "finding")}: ${summaryOf(problems)}`;
  return [
    `${mark} ${extent}, ${findings}.`,
    ...(ran.length > 0 ? [colors.dim(`  Checked by obs, ${ran.join(", ")}.`)] : []),
    ...(skipped > 0 ? [colors.dim(`  ${count(skipped, "YAML file")} without rules left out.`)] : []),
    ...notRun.map(({ checker, why }) => `  ${colors.yellow("not checked")} by ${checker}: ${why}`),
  ].join("\n");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
