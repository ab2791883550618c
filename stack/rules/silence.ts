import type { Problem } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { placeAt } from "./check.js";
import { disableCommentId, ruleCheckIds } from "./checks.js";
import type { Disable, RuleFile } from "./model.js";

/**
 * Takes out the findings that comments in the files silence, and adds what is wrong with the comments: no reason, an
 * unknown check, nothing silenced. `ran` are the checks of this run: a comment for one that didn't run may well be right.
 */
export function silence(
  problems: readonly Problem[],
  files: readonly RuleFile[],
  ran: (id: string) => boolean,
): Problem[] {
  const commented = files.filter(({ disables }) => disables.length > 0);
  if (commented.length === 0) return [...problems];
  const byPath = new Map(commented.map((file) => [file.path, file]));
  const used = new Set<Disable>();
  const left = problems.filter((problem) => {
    const disables = problem.place ? (byPath.get(problem.place.file)?.disables ?? []) : [];
    const silencing = disables.filter((disable) => silences(disable, problem));
    for (const disable of silencing) used.add(disable);
    return silencing.length === 0;
  });
  if (!ran(disableCommentId)) return left;
  const about = commented.flatMap((file) =>
    file.disables.flatMap((disable) => commentProblem(file, disable, used, ran) ?? []),
  );
  return [...left, ...about];
}

function silences({ check, lines, about }: Disable, { id, place }: Problem): boolean {
  if (check !== id || about === undefined) return false;
  const line = place?.line ?? 1;
  return lines.first <= line && line <= lines.last;
}

function commentProblem(
  file: RuleFile,
  disable: Disable,
  used: ReadonlySet<Disable>,
  ran: (id: string) => boolean,
): Problem | undefined {
  const finding = (severity: "warning" | "notice", what: string, next: string): Problem => ({
    id: disableCommentId,
    severity,
    what,
    next,
    place: placeAt(file, disable.span),
  });
  const { check, reason, about } = disable;
  if (check === "") {
    return finding(
      "warning",
      "This comment doesn't say which check it silences.",
      "Write # obs:disable <check> <reason>.",
    );
  }
  const known = ruleCheckIds();
  if (!known.includes(check)) {
    const meant = didYouMean(check, known);
    return finding(
      "warning",
      `There is no check "${check}" to silence.`,
      meant ? `Did you mean "${meant}"?` : "Every finding names its check in square brackets.",
    );
  }
  if (about === undefined) {
    return finding(
      "warning",
      "This comment is about no rule.",
      "Write it directly above a rule or a group, or in it; # obs:disable-file is for the whole file.",
    );
  }
  if (ran(check) && !used.has(disable)) {
    return finding("warning", `The check "${check}" finds nothing here.`, "Take the comment out.");
  }
  if (reason === "") {
    return finding(
      "notice",
      `This comment silences "${check}" without a reason.`,
      `Say why behind it: # obs:disable ${check} <reason>.`,
    );
  }
  return undefined;
}
