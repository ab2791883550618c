import { type Problem, type Severity, sortProblems } from "../../stack/validate/problem.js";

/** Findings as machines read them; keys in a fixed order, empty ones left out. */
export interface ProblemReport {
  problems: Problem[];
  counts: Record<Severity, number>;
}

/** The findings of a run, sorted as in the text, with their numbers. To be printed with `JSON.stringify`. */
export function problemReport(problems: readonly Problem[]): ProblemReport {
  const count = (severity: Severity) => problems.filter((each) => each.severity === severity).length;
  return {
    problems: sortProblems(problems).map(inOrder),
    counts: { error: count("error"), warning: count("warning"), notice: count("notice") },
  };
}

function inOrder({ id, severity, what, why, next, place, output }: Problem): Problem {
  return {
    id,
    severity,
    what,
    ...(why && { why }),
    ...(next && { next }),
    ...(place && { place }),
    ...(output && output.length > 0 && { output }),
  };
}
