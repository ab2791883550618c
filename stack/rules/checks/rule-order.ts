import { parseDuration } from "../../duration.js";
import type { Selector } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck, type RuleCheckContext } from "../check.js";
import type { Rule, RuleGroup } from "../model.js";
import { recordUses } from "../record-uses.js";

/** How far back Prometheus looks for the newest sample of a series, unless told otherwise (`--query.lookback-delta`). */
const lookback = 5 * 60 * 1000;

/** Rules that use a record before it is written: of the same group, or of one that is evaluated less often. */
export const ruleOrder: RuleCheck = {
  id: "rule-order",
  severity: "warning",
  run(context) {
    const { records, uses } = recordUses(context);
    return [...uses].flatMap(([name, found]) => {
      const makers = records.get(name);
      if (!makers) return [];
      // Of a slower group once for each group that uses it: the cause is one.
      const said = new Set<RuleGroup>();
      return found.flatMap(({ query, selector }): Problem[] => {
        const { group, expr } = query.rule;
        let fault = laterInGroup(query.rule, makers, selector);
        if (!fault && !said.has(group)) {
          fault = seldom(query.rule, makers, selector, context) ?? besides(query.rule, makers, selector);
          if (fault) said.add(group);
        }
        return fault
          ? [
              {
                id: "rule-order",
                severity: "warning",
                ...fault,
                place: placeIn(group.file, expr, selector.from),
              },
            ]
          : [];
      });
    });
  },
};

type Fault = Pick<Problem, "what" | "why" | "next"> & { severity?: Problem["severity"] };

/** A record made of another group's: groups are evaluated beside each other, at moments of their own. */
function besides(user: Rule, makers: readonly Rule[], selector: Selector): Fault | undefined {
  if (user.kind !== "record" || isPast(selector) || selector.parent?.kind === "range") return undefined;
  if (makers.some(({ group }) => group === user.group)) return undefined;
  const { group } = makers[0]!;
  return {
    severity: "notice",
    what: `"${selector.metric}" is recorded in another group${group.name ? `, "${group.name.value}"` : ""}.`,
    why: "Groups are evaluated side by side: the value that is seen here is up to one interval old.",
    next: "Put the rules into one group, the record first, unless that doesn't matter.",
  };
}

function laterInGroup(user: Rule, makers: readonly Rule[], selector: Selector): Fault | undefined {
  // A record that reads itself, and whoever asks for the past, means the value of before.
  if (isPast(selector) || makers.includes(user) || makers.some(({ name }) => name.value === user.name.value))
    return undefined;
  if (!makers.every(({ group, index }) => group === user.group && index > user.index)) return undefined;
  const { line } = makers[0]!.name.positionOf(0);
  return {
    what: `"${selector.metric}" is recorded only further down in this group, in line ${line}.`,
    why: "The rules of a group are evaluated one after the other: this one sees the value of the evaluation before.",
    next: "Move the record above the rules that use it.",
  };
}

/** Only instant values grow old: a range has its older samples either way. */
function seldom(
  user: Rule,
  makers: readonly Rule[],
  selector: Selector,
  context: RuleCheckContext,
): Fault | undefined {
  if (
    isPast(selector) ||
    selector.parent?.kind === "range" ||
    makers.some(({ group }) => group === user.group)
  )
    return undefined;
  // The fastest, where several groups record it.
  const [fastest] = makers
    .map(({ group }) => ({ group, every: intervalOf(group, context) }))
    .sort((a, b) => (a.every ?? 0) - (b.every ?? 0));
  const { group, every } = fastest!;
  if (every === undefined) return undefined;
  const shown = group.interval?.value ?? context.surroundings?.evaluationInterval;
  if (every > lookback) {
    return {
      what: `"${selector.metric}" is recorded every ${shown}, and Prometheus looks back 5m for a value.`,
      why: "In between there is none: what uses it gives no result then.",
      next: `Record it at least every 5m, or take its last value: last_over_time(${selector.metric}[${shown}]).`,
    };
  }
  const own = intervalOf(user.group, context);
  if (own === undefined || own >= every) return undefined;
  return {
    what: `"${selector.metric}" is recorded every ${shown}, less often than this rule looks at it.`,
    why: `The rule is evaluated every ${user.group.interval?.value ?? context.surroundings?.evaluationInterval}, and sees values up to ${shown} old.`,
    next: "Give both groups one interval, or put the rules into one group, the record first.",
  };
}

function isPast(selector: Selector): boolean {
  const parent = selector.parent?.kind === "range" ? selector.parent : selector;
  return Boolean(parent.offset ?? parent.at ?? selector.offset ?? selector.at);
}

/** Milliseconds; undefined where it is the server's own, which isn't known for files of nobody's. */
function intervalOf({ interval }: RuleGroup, { surroundings }: RuleCheckContext): number | undefined {
  const text = interval?.value ?? surroundings?.evaluationInterval;
  return text === undefined ? undefined : parseDuration(text);
}
