import type { AlertCase, AlertRule, RuleGroupInput, RulePack, Series } from "../alerting/define-rules.js";
import { parseDuration } from "../duration.js";

/** Simulated series and the time (ms from their start) at which they are to be looked at. */
export interface Moment {
  series: Series;
  interval?: string;
  at: number;
}

/** An alert to be drilled: what makes it fire, and what lets it resolve. */
export interface Exercise {
  rule: AlertRule;
  group: RuleGroupInput;
  pack: RulePack;
  /** The alert's name, with its pack where several have one of that name. */
  title: string;
  /** The breach, where it fires. */
  breach: Moment;
  /** The same subject once all is well; undefined: the series just vanish. */
  recovery: Moment | undefined;
}

/** The exercise that an alert's own cases describe; undefined for one without a case in which it fires. */
export function exerciseOf(alert: Pick<Exercise, "rule" | "group" | "pack" | "title">): Exercise | undefined {
  const { rule } = alert;
  const fires =
    rule.cases.find(({ kind }) => kind === "fires") ?? rule.cases.find((each) => firstFiring(each));
  const at = fires && firstFiring(fires);
  if (!fires || at === undefined) return undefined;
  return { ...alert, breach: momentOf(fires, at), recovery: recoveryOf(rule) };
}

function recoveryOf(rule: AlertRule): Moment | undefined {
  const resolves = rule.cases.find(({ kind }) => kind === "resolves");
  if (!resolves) return undefined;
  const [time, firing] = byTime(resolves).at(-1) ?? [];
  return time === undefined || isFiring(firing) ? undefined : momentOf(resolves, time);
}

function momentOf({ series, interval }: AlertCase, at: number): Moment {
  return { series, ...(interval !== undefined && { interval }), at };
}

function firstFiring(each: AlertCase): number | undefined {
  return byTime(each).find(([, firing]) => isFiring(firing))?.[0];
}

function byTime({ firing }: AlertCase): [number, AlertCase["firing"][string]][] {
  return Object.entries(firing)
    .map(([time, what]): [number, AlertCase["firing"][string]] => [parseDuration(time) ?? 0, what])
    .sort(([a], [b]) => a - b);
}

function isFiring(what: AlertCase["firing"][string] | undefined): boolean {
  return what === true || (Array.isArray(what) && what.length > 0);
}
