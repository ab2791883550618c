import { parseDuration } from "../../duration.js";
import type { AlertCase, Labels, RecordCase } from "../define-rules.js";
import { readLabels } from "./junit.js";
import type { Fired, Observed, Sample } from "./probe.js";

/** One thing that isn't as a case says. */
export interface Deviation {
  /** As the case says it: `10m`. */
  at?: string;
  /** Prometheus' notation; several lines where there are several alerts or samples. */
  expected: string;
  got: string;
}

/** How an alert's case went; empty: as it says. `observed` holds the alerts under `name`. */
export function judgeAlertCase(
  { firing, annotations }: Pick<AlertCase, "firing" | "annotations">,
  { errors, alerts }: Observed,
): Deviation[] {
  if (errors.length > 0)
    return errors.map((error) => ({ expected: "a situation that can be simulated", got: error }));
  const firedAt = (at: string) =>
    alerts.filter((seen) => seen.at === parseDuration(at)).flatMap(({ fired }) => fired);
  const deviations = timesOf(firing).flatMap((at): Deviation[] => {
    const expected = firing[at]!;
    const fired = firedAt(at);
    if (asExpected(expected, fired)) return [];
    return [
      {
        at,
        expected: expectedText(expected),
        got: listed(
          fired.map(({ labels }) => labelText(labels)),
          "no alert",
        ),
      },
    ];
  });
  if (annotations === undefined) return deviations;
  const time = timesOf(firing).find((at) => firedAt(at).length > 0);
  if (time === undefined)
    return deviations.length > 0 ? deviations : [{ expected: "an alert with annotations", got: "no alert" }];
  const shown = firedAt(time)[0]!.annotations;
  return [
    ...deviations,
    ...Object.entries(annotations)
      .filter(([name, text]) => shown[name] !== text)
      .map(([name, text]) => ({
        at: time,
        expected: `${name}: ${text}`,
        got: shown[name] === undefined ? `no annotation ${name}` : `${name}: ${shown[name]}`,
      })),
  ];
}

/** How a record's case went; empty: as it says. `own`: labels that the rule itself adds may be left out of the case. */
export function judgeRecordCase(
  { gives }: Pick<RecordCase, "gives">,
  { errors, samples }: Observed,
): Deviation[] {
  if (errors.length > 0)
    return errors.map((error) => ({ expected: "a situation that can be simulated", got: error }));
  return timesOf(gives).flatMap((at): Deviation[] => {
    const seen = samples.filter((each) => each.at === parseDuration(at)).flatMap(({ samples }) => samples);
    const expected = Object.entries(gives[at]!).map(([labels, value]) => ({
      labels: readLabels(labels),
      value,
    }));
    if (sameSamples(expected, seen)) return [];
    return [{ at, expected: sampleText(expected), got: sampleText(seen) }];
  });
}

/** The times of a case in order. */
export function timesOf(times: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(times).sort((a, b) => parseDuration(a)! - parseDuration(b)!);
}

function asExpected(expected: boolean | readonly Labels[], fired: readonly Fired[]): boolean {
  if (typeof expected === "boolean") return fired.length === (expected ? 1 : 0);
  return fired.length === expected.length && canBePaired(expected, fired);
}

/** Whether each expectation can have an alert of its own that carries its labels: found by augmenting paths. */
function canBePaired(expected: readonly Labels[], fired: readonly Fired[]): boolean {
  const takenBy = new Map<number, number>();
  const place = (wanted: number, tried: Set<number>): boolean => {
    for (const [at, { labels }] of fired.entries()) {
      if (tried.has(at) || !carries(labels, expected[wanted]!)) continue;
      tried.add(at);
      const holder = takenBy.get(at);
      if (holder === undefined || place(holder, tried)) {
        takenBy.set(at, wanted);
        return true;
      }
    }
    return false;
  };
  return expected.every((_, wanted) => place(wanted, new Set()));
}

/** An empty value means that there is no such label, as everywhere in Prometheus. */
function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => (labels[name] ?? "") === value);
}

function sameSamples(expected: readonly Sample[], seen: readonly Sample[]): boolean {
  const byLabels = new Map(seen.map(({ labels, value }) => [labelText(labels), value]));
  return (
    expected.length === seen.length &&
    expected.every(({ labels, value }) => {
      const other = byLabels.get(labelText(labels));
      return other !== undefined && close(value, other);
    })
  );
}

/** Six digits: more than anybody writes for what a rate comes to. */
function close(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

function expectedText(expected: boolean | readonly Labels[]): string {
  if (typeof expected === "boolean") return expected ? "one alert" : "no alert";
  return listed(
    expected.map((labels) => labelText(labels)),
    "no alert",
  );
}

function sampleText(samples: readonly Sample[]): string {
  return listed(
    samples.map(({ labels, value }) => `${labelText(labels)} ${value}`),
    "no sample",
  );
}

function listed(lines: readonly string[], none: string): string {
  return lines.length === 0 ? none : [...lines].sort().join("\n");
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ")}}`;
}
