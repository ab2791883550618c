import type { AlertCase, Labels, Series } from "../alerting/define-rules.js";
import { errorBudget } from "./burn-rates.js";
import { sloRecords, sloSelector } from "./names.js";
import { exact, plainNumber } from "./numbers.js";
import { type BurnAlert, burnAlerts, recordedWindows, type SoundSlo } from "./rules.js";

/**
 * The proof of a burn-rate alert, from the same arithmetic as the workbook's: what it does at multiples of its thresholds.
 * The cases begin at the recorded ratios, which is where the alert begins; what queries make of raw series is shown by
 * cases of the records. Each minute of a case is a situation of its own, since a run of promtool costs more than a minute.
 */
export function burnCases(slo: SoundSlo, burn: BurnAlert): AlertCase[] {
  const { pairs } = burn;
  return [
    {
      kind: "fires",
      name: `one pair of windows after the other: ${pairs.map(({ long, short, rate }) => `above ${plainNumber(rate)}x over ${long} and ${short}`).join("; ")}`,
      ...situations(
        slo,
        pairs.map(({ long, short, rate }) => [{ [long]: rate * over, [short]: rate * over }, true]),
      ),
      annotations: {
        summary: `${slo.service}: the error budget of ${slo.name} burns ${humanized(pairs[0]!.rate * over)} times too fast`,
      },
    },
    steadyBurns(slo, burn),
    {
      kind: "quiet",
      name: "just below in both windows of a pair, or in one of them; not any more when it is neither",
      ...situations(
        slo,
        pairs.flatMap(({ long, short, rate }) => [
          [{ [long]: rate * under, [short]: rate * under }, false],
          [{ [long]: rate * over, [short]: rate * under }, false],
          [{ [long]: rate * under, [short]: rate * over }, false],
          [{ [long]: rate * over, [short]: rate * over }, true],
        ]),
      ),
    },
    ...fewEvents(slo, burn),
    ...pairs.map((pair) => ended(slo, pair)),
    noData(slo, burn),
  ];
}

const [under, over] = [0.99, 1.01];

/** What is burnt over which windows, zero over the others, and whether that fires. */
type Situation = readonly [burnt: Readonly<Record<string, number>>, fires: boolean];

/** One situation a minute. */
function situations(slo: SoundSlo, all: readonly Situation[]): Pick<AlertCase, "series" | "firing"> {
  const windows = recordedWindows(slo);
  return {
    series: {
      ...ratios(
        slo,
        Object.fromEntries(windows.map((window) => [window, all.map(([burnt]) => burnt[window] ?? 0)])),
      ),
      ...events(slo),
    },
    firing: Object.fromEntries(all.map(([, fires], at) => [`${at}m`, fires && [identity(slo)]])),
  };
}

/** Burn rates that last, the same over every window: page, ticket or nothing. */
function steadyBurns(slo: SoundSlo, { kind, pairs }: BurnAlert): AlertCase {
  const rates = burnAlerts(slo).flatMap((each) => each.pairs.map(({ rate }) => rate));
  const lowest = Math.min(...pairs.map(({ rate }) => rate));
  const burnt = [...new Set([...rates, 1])]
    .sort((a, b) => a - b)
    .flatMap((rate) => [exact(rate * under), exact(rate * over)]);
  return {
    kind: "fires",
    name: `a steady burn: ${kind} above ${plainNumber(lowest)}x, not at ${burnt
      .filter((rate) => rate <= lowest)
      .map((rate) => `${plainNumber(rate)}x`)
      .join(", ")}`,
    ...situations(
      slo,
      burnt.map((rate) => [
        Object.fromEntries(recordedWindows(slo).map((window) => [window, rate])),
        rate > lowest,
      ]),
    ),
  };
}

/** Everything fails, but hardly anything happens. */
function fewEvents(slo: SoundSlo, { pairs }: BurnAlert): AlertCase[] {
  if (!slo.minimumEvents) return [];
  const all = 1 / errorBudget(slo.objective);
  const { series, firing } = situations(
    slo,
    pairs.map(({ long, short }) => [{ [long]: all, [short]: all }, false]),
  );
  return [
    {
      kind: "quiet",
      name: `all fails, but of fewer than ${plainNumber(slo.minimumEvents)} events`,
      series: { ...series, ...events(slo, slo.minimumEvents - 0.5) },
      firing,
    },
  ];
}

/** Trouble that lasted for the whole long window, and is over: the short window forgets it, here by a fifth a minute. */
function ended(slo: SoundSlo, { long, short, rate }: BurnAlert["pairs"][number]): AlertCase {
  const burnt = rate * 1.25;
  return {
    kind: "resolves",
    name: `what burnt at ${plainNumber(burnt)}x has ended: quiet before ${short} are over, though ${long} remember it`,
    series: {
      ...ratios(slo, {
        [long]: Array(7).fill(burnt),
        [short]: [5, 5, 4, 3, 2, 1, 0].map((fifths) => (burnt * fifths) / 5),
      }),
      ...events(slo),
    },
    firing: { "0m": [identity(slo)], "1m": [identity(slo)], "3m": false, "6m": false },
  };
}

/** Its own data ends while it burns, and what others burn is not its own. */
function noData(slo: SoundSlo, { pairs }: BurnAlert): AlertCase {
  const all = 0.99 / errorBudget(slo.objective);
  const others = [
    { ...slo, service: `${slo.service}-other` },
    { ...slo, name: `${slo.name}-other` },
  ];
  return {
    kind: "no data",
    name: "its data ends while it burns, and so does the alert, though other SLOs burn",
    series: {
      ...everywhere(slo, [pairs[0]!.rate * 1.5, "stale", "_"]),
      ...events(slo),
      ...Object.assign(
        {},
        ...others.map((other) => ({ ...everywhere(other, [all, all, all]), ...events(other) })),
      ),
    },
    firing: { "0m": [identity(slo)], "1m": false, "2m": false },
  };
}

/** Recorded error ratios of an SLO, given as burn rates; zero over the windows that aren't. */
function ratios(slo: SoundSlo, burnt: Readonly<Record<string, readonly (number | string)[]>>): Series {
  const length = Math.max(...Object.values(burnt).map((values) => values.length));
  return Object.fromEntries(
    recordedWindows(slo).map((window) => [
      sloRecords.errorRatio(window) + sloSelector(slo),
      (burnt[window] ?? Array(length).fill(0)).map((value) => asRatio(slo, value)).join(" "),
    ]),
  );
}

function everywhere(slo: SoundSlo, burnt: readonly (number | string)[]): Series {
  return ratios(slo, Object.fromEntries(recordedWindows(slo).map((window) => [window, burnt])));
}

function asRatio(slo: SoundSlo, burnt: number | string): string {
  return typeof burnt === "string" ? burnt : plainNumber(Math.min(1, burnt * errorBudget(slo.objective)));
}

/** Just as many events as alerts ask for. */
function events(slo: SoundSlo, count = slo.minimumEvents): Series {
  if (!slo.minimumEvents || count === undefined) return {};
  const windows = new Set(burnAlerts(slo).flatMap(({ pairs }) => pairs.map(({ long }) => long)));
  return Object.fromEntries(
    [...windows].map((window) => [
      sloRecords.eventCount(window) + sloSelector(slo),
      `${plainNumber(count)}x10`,
    ]),
  );
}

function identity({ service, name }: SoundSlo): Labels {
  return { service, slo: name };
}

/** As the template function of that name writes numbers from 1 to 1000: four digits. */
function humanized(value: number): string {
  return String(Number(value.toPrecision(4)));
}
