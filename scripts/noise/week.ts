import { type Random, seededRandom } from "../../test/support/random.js";

/** Monday: rules may ask for the hour or the day of the week. */
export const weekBegins = new Date("2026-01-05T00:00:00Z");
export const minutesADay = 1440;
/** A day in front of the week, for windows to look back on. */
export const warmUp = minutesADay;
/** Minutes that are simulated, one sample each. */
export const simulated = warmUp + 7 * minutesADay;

/** Trouble of one or two minutes, too short to wake anybody for. */
const blipsADay = 3;
/** Of the calls, in the worst of them; and how many times longer answers take. */
const worstBlip = { failing: 0.1, slower: 1.5 };
/** Wednesday afternoon. */
const deploy = warmUp + 2 * minutesADay + 14 * 60 + 10;

/** Where calls come from, or go to: one model for one feature, one instance of a service. One number a minute each. */
export interface Source {
  labels: Readonly<Record<string, string>>;
  calls: readonly number[];
  /** Of the calls; never more. */
  errors: readonly number[];
  /** How much longer than usual answers take. */
  slow: readonly number[];
  /** The minute in which it is restarted: its counters begin again. */
  restarts: number;
  /** A seed of its own. */
  seed: number;
}

/** How busy a source is. */
export interface Business {
  labels: Readonly<Record<string, string>>;
  /** Calls a minute at the busiest time of the day. */
  peak: number;
  /** Of calls that fail when nothing is wrong. */
  errorShare: number;
}

/** A source's quiet week: busy days, nearly idle nights and weekends, jitter, short blips, and one deploy. */
export function quietWeek({ labels, peak, errorShare }: Business, seed: number): Source {
  const random = seededRandom(seed);
  const uniform = () => random.below(1_000_000) / 1_000_000;
  const [calls, errors, slow]: number[][] = [[], [], []];
  const troubled = blips(random);
  let jitter = 0;
  for (let minute = 0; minute < simulated; minute++) {
    // What is above the usual now is likely to be so a minute later.
    jitter = 0.9 * jitter + 0.1 * (uniform() - 0.5) * 2;
    const expected = peak * dayLoad(minute) * (1 + jitter);
    const count = minute === deploy ? Math.round(expected / 2) : poisson(expected, uniform);
    const trouble = troubled.get(minute) ?? 0;
    calls!.push(count);
    errors!.push(binomial(count, Math.min(1, errorShare + trouble * worstBlip.failing), uniform));
    slow!.push(
      1 + 0.1 * uniform() + trouble * worstBlip.slower + (minute >= deploy && minute < deploy + 3 ? 0.8 : 0),
    );
  }
  return { labels, calls: calls!, errors: errors!, slow: slow!, restarts: deploy + (seed % 3), seed };
}

/** Of the peak: office hours of a weekday, a hundredth in the middle of the night. */
function dayLoad(minute: number): number {
  const ofWeek = minute - warmUp;
  const weekend = ofWeek >= 5 * minutesADay ? 0.4 : 1;
  const hour = (((ofWeek % minutesADay) + minutesADay) % minutesADay) / 60;
  return weekend * Math.max(0.01, Math.sin(((hour - 6) / 16) * Math.PI)) ** 1.5 + 0.01;
}

/** Minutes of trouble, one or two in a row, from 0 to 1. */
function blips(random: Random): Map<number, number> {
  const found = new Map<number, number>();
  for (let day = 0; day < simulated / minutesADay; day++)
    for (let blip = 0; blip < blipsADay; blip++) {
      const from = day * minutesADay + random.below(minutesADay);
      const strength = (1 + random.below(4)) / 4;
      for (let minute = from; minute <= from + random.below(2); minute++) found.set(minute, strength);
    }
  return found;
}

function poisson(mean: number, uniform: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + normal(uniform) * Math.sqrt(mean)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count++;
  return count;
}

function binomial(tries: number, share: number, uniform: () => number): number {
  if (share <= 0) return 0;
  let count = 0;
  for (let at = 0; at < tries; at++) if (uniform() < share) count++;
  return count;
}

/** A draw from the standard normal distribution (Box-Muller). */
export function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(uniform() || 1e-9)) * Math.cos(2 * Math.PI * uniform());
}
