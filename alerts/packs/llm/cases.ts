import type { AlertCase, Series } from "obs-stack";
import { parseDuration } from "../../../stack/duration.js";
import type { Labels } from "./subjects.js";

/** How a counter grows, or what a gauge shows: the amount a step, and for how many steps. */
export type Phase = readonly [amount: number, steps: number];

/** A selector in the notation of cases. */
export function series(metric: string, labels: Labels = {}): string {
  return `${metric}{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;
}

/** A counter that starts high, so that what it gained before the case begins doesn't matter, and grows by phases. */
export function counter(phases: readonly Phase[], start = 1_000_000): string {
  let value = start;
  const parts = [plain(value)];
  for (const [amount, steps] of phases) {
    if (steps === 0) continue;
    parts.push(
      steps === 1 ? plain(value + amount) : `${plain(value + amount)}+${plain(amount)}x${steps - 1}`,
    );
    value += amount * steps;
  }
  return parts.join(" ");
}

/** A gauge, or a record, that shows each value for so many steps. */
export function gauge(phases: readonly Phase[]): string {
  return phases
    .filter(([, steps]) => steps > 0)
    .map(([value, steps]) => (steps === 1 ? plain(value) : `${plain(value)}x${steps - 1}`))
    .join(" ");
}

/** No samples for so many steps. */
export function missing(steps: number): string {
  return `_x${steps}`;
}

/** Neither an exponent, which the notation doesn't know, nor the noise of floats. */
function plain(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** Time from the start of a case. */
export function text(milliseconds: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const;
  const [unit, size] = units.find(([, size]) => milliseconds % size === 0 && milliseconds >= size) ?? [
    "s",
    1000,
  ];
  return `${milliseconds / size}${unit}`;
}

/** Milliseconds. A duration that isn't one is found when the definition is loaded; cases are made before. */
export function span(duration: string): number {
  return parseDuration(duration) || 60_000;
}

/** Steps of a case. */
export interface Steps {
  interval: string;
  /** Time of a step. */
  at(step: number): string;
  /** Steps until a duration has passed. */
  during(duration: string): number;
}

export function stepsOf(milliseconds: number): Steps {
  return {
    interval: text(milliseconds),
    at: (step) => text(step * milliseconds),
    during: (duration) => Math.ceil(span(duration) / milliseconds),
  };
}

/** Steps of a fifth of a window: over steady growth, `increase` then counts four steps of it and makes five of them. */
export function fifths(window: string): Steps {
  return stepsOf(Math.max(1, Math.round(span(window) / 5)));
}

/** A rule about the share of what is bad among all, over one window. */
export interface ShareRule {
  window: string;
  for: string;
  /** It fires above. */
  share: number;
  /** It is quiet below. */
  minimum: number;
  /** What the alert keeps. */
  by: readonly string[];
  /** Labels of the series about which it fires. */
  sample: Labels;
  /** Other values of those labels: somebody else's. */
  others: Labels;
  /** `call`, and what is bad about it: `fails`. */
  one: string;
  bad: string;
  /** Series of this growth of all, and of the bad ones; without these: their series are not there. */
  series(labels: Labels, all: readonly Phase[], bad?: readonly Phase[], start?: number): Series;
}

/**
 * The situations in which rules about shares are right or wrong, whatever the rule counts: computed from its limits, so that
 * they stand just above and just below, and just before and after.
 */
export function shareCases(rule: ShareRule): AlertCase[] {
  const { share, minimum, by, sample, others, one } = rule;
  const { interval, at, during } = fifths(rule.window);
  const wait = during(rule.for);
  const all = Math.max(10_000, minimum);
  // Half as much again as may be, but never more than all.
  const much = Math.min(1, share * 1.5);
  const bad = Math.floor(much * all + 1e-6);
  // Of the four steps that count, so many must be bad.
  const enter = Math.floor((4 * share) / much + 1e-9) + 1;
  const leave = Math.ceil(4 - (4 * share) / much - 1e-9);
  const fired = 10 + enter + wait;
  const end = fired + 10;
  const labels = by.map((name) => [name, sample[name]!] as const);
  const alert = [Object.fromEntries(labels)];
  const healthy = by
    .filter((name) => others[name] !== undefined)
    .map((name) => rule.series({ ...sample, [name]: others[name]! }, [[all * 20, end]]));
  // Amounts a step that come to so many in a window; what can't be split into fifths may be rounded below the minimum.
  const few = (count: number) => count / 5;
  const enough = minimum % 5 === 0 ? minimum : minimum + 0.01;
  return [
    {
      interval,
      kind: "fires",
      name: `from one moment on one ${one} in ${Math.round(1 / much)} ${rule.bad}, all is well elsewhere`,
      series: Object.assign(
        {},
        ...healthy,
        rule.series(
          sample,
          [[all, end]],
          [
            [0, 10],
            [bad, end - 10],
          ],
        ),
      ),
      firing: { [at(10)]: false, [at(fired - 1)]: false, [at(fired)]: alert, [at(end)]: alert },
    },
    {
      interval,
      kind: "fires",
      name: "a hair above the limit",
      series: rule.series(sample, [[all, 30 + wait]], [[Math.floor(share * all * 1.03) + 1, 30 + wait]]),
      firing: { [at(30 + wait)]: true },
    },
    {
      interval,
      kind: "quiet",
      name: "exactly at the limit",
      series: rule.series(sample, [[all, 30 + wait]], [[Math.floor(share * all + 1e-6), 30 + wait]]),
      firing: { [at(30 + wait)]: false },
    },
    {
      interval,
      kind: "quiet",
      name: `every ${one} ${rule.bad}, but there are too few to tell`,
      series: rule.series(sample, [[few(minimum - 0.2), 30 + wait]], [[few(minimum - 0.2), 30 + wait]]),
      firing: { [at(20)]: false, [at(30 + wait)]: false },
    },
    {
      interval,
      kind: "fires",
      name: "just enough, of two instances together",
      series: {
        ...rule.series(
          { ...sample, instance: "a" },
          [[few(enough) / 4, 30 + wait]],
          [[few(enough) / 4, 30 + wait]],
        ),
        ...rule.series(
          { ...sample, instance: "b" },
          [[(few(enough) * 3) / 4, 30 + wait]],
          [[(few(enough) * 3) / 4, 30 + wait]],
        ),
      },
      firing: { [at(30 + wait)]: alert },
    },
    {
      interval,
      kind: "resolves",
      name: "it ends",
      series: rule.series(
        sample,
        [[all, end + 20]],
        [
          [0, 10],
          [bad, end - 10],
          [0, 20],
        ],
      ),
      firing: { [at(end)]: true, [at(end + leave - 1)]: true, [at(end + leave)]: false },
    },
    {
      interval,
      kind: "fires",
      name: "a restart in the middle hides nothing and adds nothing",
      series: restarted(rule, all, bad, end),
      firing: { [at(9)]: false, [at(end + 1)]: true, [at(end + 9)]: true },
    },
    {
      interval,
      kind: "quiet",
      name: "a restart while all is well",
      series: restarted(rule, all, 0, end),
      firing: { [at(end + 1)]: false, [at(end + 9)]: false },
    },
    {
      interval,
      kind: "no data",
      name: "nothing was ever counted, or nothing bad",
      series: rule.series(sample, [[all, 30]]),
      firing: { [at(5)]: false, [at(30)]: false },
    },
    {
      interval,
      kind: "no data",
      name: "the series vanish while it fires: it ends when nothing is known any more",
      series: rule.series(
        sample,
        [[all, end]],
        [
          [0, 10],
          [bad, end - 10],
        ],
      ),
      firing: { [at(end)]: true, [at(end + 6)]: false },
    },
  ];
}

/** Counters that begin anew at a step: what is bad is so from the tenth step on. */
function restarted(rule: ShareRule, all: number, bad: number, step: number): Series {
  const before = rule.series(
    rule.sample,
    [[all, step]],
    [
      [0, 10],
      [bad, step - 10],
    ],
  );
  const after = rule.series(rule.sample, [[all, 9]], [[bad, 9]], 0);
  return Object.fromEntries(
    Object.entries(before).map(([name, values]) => [name, `${values} ${after[name]}`]),
  );
}
