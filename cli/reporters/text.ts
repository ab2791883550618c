import pc from "picocolors";
import { type Problem, type Severity, sortProblems } from "../../stack/validate/problem.js";
import { placeText } from "./place.js";
import { sourceExcerpt } from "./source-excerpt.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

/** How findings are printed. */
export interface TextOptions {
  color: boolean;
  /** Text of a file named by a finding, to show the line; undefined when it can't be read. */
  readFile: (path: string) => string | undefined;
  /** Columns of the terminal. Default 100; text is wrapped, source lines are cut, program output is left alone. */
  width?: number;
}

const indent = "  ";
/** Of a program's output more lines than these are not shown: the first ones tell. */
const outputLines = 30;

/** All findings, errors first, as a person reads them in a terminal; empty when there are none. Ends with a newline. */
export function formatProblems(problems: readonly Problem[], options: TextOptions): string {
  const colors = pc.createColors(options.color);
  const width = Math.max(40, options.width ?? 100);
  return sortProblems(problems)
    .map((problem) => formatProblem(problem, { ...options, width }, colors))
    .join("\n");
}

/** `2 errors, 1 warning`; undefined when nothing was found. */
export function summaryOf(problems: readonly Problem[]): string | undefined {
  const counts = (["error", "warning", "notice"] as const)
    .map((severity) => ({ severity, count: problems.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`);
  return counts.length > 0 ? counts.join(", ") : undefined;
}

function formatProblem(problem: Problem, options: Required<TextOptions>, colors: Colors): string {
  const { width } = options;
  const text = (words: string) => wrap(words, width - indent.length).map((line) => indent + line);
  const lines = [
    heading(problem, colors),
    ...text(problem.what).map((line) => colors.bold(line)),
    ...excerpt(problem, options, colors),
    ...(problem.why ? text(problem.why) : []),
    ...output(problem, colors),
    ...(problem.next ? step(problem.next, width, colors) : []),
  ];
  return `${lines.join("\n")}\n`;
}

function heading({ severity, place, id }: Problem, colors: Colors): string {
  const paint: Record<Severity, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    notice: colors.blue,
  };
  return [
    colors.bold(paint[severity](severity)),
    ...(place ? [colors.cyan(placeText(place))] : []),
    colors.dim(`[${id}]`),
  ].join(" ");
}

function excerpt({ place }: Problem, options: Required<TextOptions>, colors: Colors): string[] {
  if (place?.line === undefined) return [];
  const source = options.readFile(place.file);
  if (source === undefined) return [];
  const rows = sourceExcerpt(source, place.line, place.column, options.width - indent.length * 2);
  return rows.map(({ gutter, text, kind }) => {
    const body =
      kind === "caret" ? colors.red(colors.bold(text)) : kind === "context" ? colors.dim(text) : text;
    return `${indent}${indent}${colors.dim(`${gutter} │`)} ${body}`.trimEnd();
  });
}

function output({ output = [] }: Problem, colors: Colors): string[] {
  const shown = output.slice(0, outputLines);
  const rest = output.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… ${rest} more lines`] : [])].map((line) =>
    `${indent}${indent}${colors.dim("│")} ${line}`.trimEnd(),
  );
}

function step(next: string, width: number, colors: Colors): string[] {
  const [first = "", ...others] = wrap(next, width - indent.length * 2);
  return [`${indent}${colors.green("→")} ${first}`, ...others.map((line) => `${indent}${indent}${line}`)];
}
