import { parseDuration } from "../../duration.js";
import { bare, constantOf, type Node } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck, type RuleCheckContext } from "../check.js";
import { type Located, type Rule, rulesOf } from "../model.js";
import { excerpt, type Query, queriesOf } from "../queries.js";
import { isValue, operandsOf, templatesOf } from "../template/of-rule.js";

/** `for` and `keep_firing_for` that don't do what they seem to, or are missing where one moment says too little. */
export const alertFor: RuleCheck = {
  id: "alert-for",
  severity: "warning",
  run: (context) => [
    ...rulesOf(context.files).flatMap((rule) =>
      rule.kind === "alert"
        ? [
            ...shorterThanInterval(rule, context),
            ...zero(rule),
            ...keepsTooLong(rule),
            ...keepsWhatChanges(rule),
            ...outsideOfAgreed(rule, context),
          ]
        : [],
    ),
    ...queriesOf(context).flatMap(momentary),
  ],
};

/** An alert that fires at the first sight of something that one moment doesn't prove. */
function momentary(query: Query): Problem[] {
  const { rule, tree } = query;
  if (rule.kind !== "alert" || (milliseconds(rule.for) ?? 0) > 0) return [];
  const at = (
    node: Node,
    severity: "warning" | "notice",
    fault: Pick<Problem, "what" | "why" | "next">,
  ): Problem[] => [
    { id: "alert-for", severity, ...fault, place: placeIn(rule.group.file, rule.expr, node.from) },
  ];
  // What must hold at once with something else, such as over a longer window, is no matter of a moment.
  if (query.binaries.some(({ operator }) => operator === "and" || operator === "unless")) return [];
  const ratio = query.binaries.find(
    ({ operator, left, right }) => operator === "/" && isPutTogether(left) && isPutTogether(right),
  );
  if (ratio && bare(tree).kind === "binary")
    return at(ratio, "warning", {
      what: `The alert "${rule.name.value}" fires as soon as \`${excerpt(query, ratio)}\` is seen once.`,
      why: "With little traffic a single failure is a large share, and after a restart one side is there before the other.",
      next: 'Let it hold for a while: "for: 5m".',
    });
  const absent = query.calls.find(({ name }) => name === "absent");
  if (absent && (bare(tree) === absent || query.binaries.every(({ operator }) => operator === "or")))
    return at(absent, "notice", {
      what: `The alert "${rule.name.value}" fires as soon as \`${excerpt(query, absent)}\` is seen once.`,
      why: "After a restart rules are evaluated before everything is scraped, and a single scrape may fail.",
      next: 'Let it hold for a while: "for: 5m".',
    });
  return [];
}

function isPutTogether(root: Node): boolean {
  let node = bare(root);
  while (node.kind === "binary" && node.right.type === "scalar") node = bare(node.left);
  return node.kind === "aggregation" && constantOf(node) === undefined;
}

/** An alert whose labels change is another one each time: it goes on firing beside its successors. */
function keepsWhatChanges(rule: Rule): Problem[] {
  const keep = rule.keepFiringFor;
  if (!keep || (milliseconds(keep) ?? 0) <= 0) return [];
  const changing = templatesOf(rule).find(
    ({ kind, parsed }) =>
      kind === "label" &&
      !parsed.fault &&
      [...operandsOf(parsed)].some(({ operand, pipeline }) => isValue(operand, pipeline)),
  );
  if (!changing) return [];
  return [
    finding(
      rule,
      "warning",
      keep,
      `The label "${changing.name}" has the value in it, and each former alert goes on firing for ${keep.value}.`,
      "With another value it is another alert; the one before is kept firing beside it.",
      "Put the value into an annotation.",
    ),
  ];
}

/** What the team agreed on: alerting.checks.for and keepFiringFor. */
function outsideOfAgreed(rule: Rule, { settings }: RuleCheckContext): Problem[] {
  return (
    [
      ["for", "for", rule.for],
      ["keep_firing_for", "keepFiringFor", rule.keepFiringFor],
    ] as const
  ).flatMap(([key, setting, value]) => {
    const { min, max } = settings[setting];
    const given = milliseconds(value);
    if (value && given === undefined) return [];
    const short = min !== undefined && (given ?? 0) < (parseDuration(min) ?? 0);
    const long = max !== undefined && (given ?? 0) > (parseDuration(max) ?? 0);
    if (!short && !long) return [];
    return [
      finding(
        rule,
        "warning",
        value ?? rule.name,
        value
          ? `"${key}: ${value.value}" is ${short ? `less than ${min}` : `more than ${max}`}.`
          : `The alert "${rule.name.value}" has no "${key}".`,
        `alerting.checks.${setting} asks for ${[min && `at least ${min}`, max && `at most ${max}`].filter(Boolean).join(", ")}.`,
        `Write "${key}: ${short ? min : max}".`,
      ),
    ];
  });
}

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

/** That of the group, else the server's, which is known of a project only. */
function shorterThanInterval(rule: Rule, { surroundings }: RuleCheckContext): Problem[] {
  const interval = { value: rule.group.interval?.value ?? surroundings?.evaluationInterval };
  const every = interval.value === undefined ? undefined : parseDuration(interval.value);
  if (every === undefined) return [];
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
