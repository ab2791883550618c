import { parseDuration } from "../../duration.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import { type Located, type Rule, rulesOf } from "../model.js";

/** `for` and `keep_firing_for` that don't do what they seem to. */
export const alertFor: RuleCheck = {
  id: "alert-for",
  severity: "warning",
  run: ({ files }) =>
    [...rulesOf(files)].flatMap((rule) =>
      rule.kind === "alert" ? [...shorterThanInterval(rule), ...zero(rule), ...keepsTooLong(rule)] : [],
    ),
};

/** After a day people have forgotten what an alert is about; one that keeps on firing longer hides that it is over. */
const longestKeep = 24 * 60 * 60 * 1000;

function milliseconds(value: Located<string> | undefined): number | undefined {
  return value && parseDuration(value.value);
}

function finding(
  rule: Rule,
  severity: "warning" | "notice",
  at: Located<string>,
  what: string,
  why: string,
  next: string,
): Problem {
  return { id: "alert-for", severity, what, why, next, place: placeIn(rule.group.file, at) };
}

/** An interval of the group that is known; that of the whole server isn't, from here. */
function shorterThanInterval(rule: Rule): Problem[] {
  const { interval } = rule.group;
  const every = milliseconds(interval);
  if (!interval || every === undefined) return [];
  const problems: Problem[] = [];
  const wait = milliseconds(rule.for);
  if (rule.for && wait !== undefined && wait > 0 && wait < every) {
    problems.push(
      finding(
        rule,
        "warning",
        rule.for,
        `The alert waits ${rule.for.value}, and is evaluated every ${interval.value}.`,
        `It fires at its second evaluation, after ${interval.value}.`,
        `Write "for: ${interval.value}" or more, or shorten the interval of the group.`,
      ),
    );
  }
  const keep = milliseconds(rule.keepFiringFor);
  if (rule.keepFiringFor && keep !== undefined && keep > 0 && keep < every) {
    problems.push(
      finding(
        rule,
        "warning",
        rule.keepFiringFor,
        `The alert is kept firing for ${rule.keepFiringFor.value}, and is evaluated every ${interval.value}.`,
        "At the next evaluation that time is already over: it bridges no gap.",
        `Write "keep_firing_for" longer than ${interval.value}.`,
      ),
    );
  }
  return problems;
}

function zero(rule: Rule): Problem[] {
  return [rule.for, rule.keepFiringFor].flatMap((value): Problem[] => {
    if (!value || milliseconds(value) !== 0) return [];
    return [
      finding(
        rule,
        "notice",
        value,
        `${value.value === "0" ? "0" : `"${value.value}"`} says nothing: that is what holds without the key.`,
        "Who reads it looks for a reason.",
        "Take the key out, or write how long.",
      ),
    ];
  });
}

function keepsTooLong(rule: Rule): Problem[] {
  const keep = milliseconds(rule.keepFiringFor);
  if (!rule.keepFiringFor || keep === undefined || keep <= longestKeep) return [];
  return [
    finding(
      rule,
      "warning",
      rule.keepFiringFor,
      `The alert goes on firing for ${rule.keepFiringFor.value} after it is over.`,
      "Nobody can tell then whether it is over, and what was mended stays red.",
      "Some evaluations are enough to bridge gaps; use Alertmanager's repeat_interval for reminders.",
    ),
  ];
}
