import pc from "picocolors";
import type { GeneratedChange } from "../../stack/generate.js";
import { diffLines } from "./diff-lines.js";

const marks = { added: "+", changed: "~", removed: "-" } as const;
/** More lines of one file's difference are not shown: the first ones tell. */
const shownLines = 12;

/** Generated files that were written, or (`written: false`) that are out of date, each with the start of its difference. */
export function formatChanges(
  changes: readonly GeneratedChange[],
  { written, color }: { written: boolean; color: boolean },
): string {
  const colors = pc.createColors(color);
  if (changes.length === 0) return `${colors.green("✔")} All generated files are up to date.`;
  const files = `${changes.length} file${changes.length === 1 ? "" : "s"}`;
  const paint = { added: colors.green, changed: colors.yellow, removed: colors.red };
  return [
    ...changes.flatMap(({ path, change, before, after }) => [
      `${paint[change](marks[change])} ${path}${change === "changed" ? "" : colors.dim(` (${change})`)}`,
      ...(written || change !== "changed" ? [] : difference(before ?? "", after ?? "", colors)),
    ]),
    written
      ? `${colors.green("✔")} ${files} written. Commit ${changes.length === 1 ? "it" : "them"} with the definition.`
      : `${colors.red("✖")} ${files} out of date. Run ${colors.bold("obs generate")} and commit what it writes.`,
  ].join("\n");
}

function difference(before: string, after: string, colors: ReturnType<typeof pc.createColors>): string[] {
  const lines = diffLines(before, after);
  const rest = lines.length - shownLines;
  return [
    ...lines
      .slice(0, shownLines)
      .map(
        ({ sign, text, line }) =>
          `    ${colors.dim(String(line).padStart(4))} ${(sign === "+" ? colors.green : colors.red)(`${sign} ${text}`)}`,
      ),
    ...(rest > 0 ? [colors.dim(`         … ${rest} more lines differ`)] : []),
  ];
}
