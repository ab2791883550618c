/** How much a finding matters: an error stops `up`; a warning and a notice don't. */
export type Severity = "error" | "warning" | "notice";

/** Where the user can mend it: a file with line and column (both from 1), or a file and a key path in it. */
export interface Place {
  /** Path relative to the project folder where it lies inside it, else absolute. */
  file: string;
  line?: number;
  column?: number;
  /** Path of keys in the definition, e.g. `alerting.receivers.oncall`. */
  keyPath?: string;
}

/** One finding, whoever made it: a typing error, a failed check, the message of an upstream program. */
export interface Problem {
  /** Stable kebab-case name of the kind of finding, e.g. `port-taken`. */
  id: string;
  severity: Severity;
  /** What happened, in one sentence. */
  what: string;
  /** The cause, when it isn't plain from `what`. */
  why?: string;
  /** What the user can do about it. */
  next?: string;
  place?: Place;
  /** Lines printed by the program that found it, untouched but for secrets. */
  output?: string[];
}

/**
 * Thrown where the work can't go on; carries the findings to the one catch in `cli/main.ts`.
 * `exitCode`: 1 when the user's input is at fault (the default), 2 when the command could not run at all.
 */
export class ProblemError extends Error {
  override name = "ProblemError";
  constructor(
    readonly problems: Problem[],
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(problems.map((problem) => problem.what).join("; "));
  }
}

const rank: Record<Severity, number> = { error: 0, warning: 1, notice: 2 };

/** Errors first, then by place, then by id: the same findings always print in the same order. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      comparePlace(a.place, b.place) ||
      compareText(a.id, b.id) ||
      compareText(a.what, b.what),
  );
}

/** Whether any finding is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

function comparePlace(a: Place | undefined, b: Place | undefined): number {
  if (!a || !b) return Number(Boolean(b)) - Number(Boolean(a));
  return (
    compareFile(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.keyPath ?? "", b.keyPath ?? "")
  );
}

/** By code units: many findings are in many files, and the order of a language takes long to load. */
function compareFile(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Most texts compared here are the same, which shows much sooner than their order. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a.localeCompare(b);
}
