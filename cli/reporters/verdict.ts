import pc from "picocolors";
import type { Verdict } from "../../stack/plan.js";
import { hasErrors } from "../../stack/validate/problem.js";
import { summaryOf } from "./text.js";
import { wrap } from "./wrap.js";

/** The last lines of a validation: the verdict, who judged, and who could not. */
export function formatVerdict(
  { problems, ran, notRun }: Verdict,
  { color, width }: { color: boolean; width: number },
): string {
  const colors = pc.createColors(color);
  const summary = summaryOf(problems);
  const headline = hasErrors(problems)
    ? `${colors.red("✖")} This will not work: ${summary}.`
    : summary === undefined
      ? `${colors.green("✔")} Valid, nothing found.`
      : `${colors.green("✔")} Valid; ${summary}.`;
  return [
    headline,
    ...wrap(`Checked by ${["obs", ...ran].join(", ")}.`, width - 4).map((line) => colors.dim(`  ${line}`)),
    ...notRun.map(({ checker, why }) => `  ${colors.yellow("not checked")} by ${checker}: ${why}`),
    ...(notRun.some(({ why }) => why.endsWith("is not installed"))
      ? [`  ${colors.green("→")} ${colors.bold("obs toolchain install")} builds what is not installed.`]
      : []),
  ].join("\n");
}
