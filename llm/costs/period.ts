import { ProblemError } from "../../stack/validate/problem.js";
import { didYouMean } from "../../stack/validate/suggest.js";

/** Days of a calendar, `2026-11-01`, the last one included. */
export interface Period {
  from: string;
  to: string;
}

const msPerDay = 86_400_000;

/**
 * The period of `--from` and `--to`: days (`2026-11-01`) or months (`2026-11`), of which the first or the last day is
 * meant. By default the month so far. Throws a ProblemError where that is no period.
 */
export function periodOf({ from, to }: { from?: string; to?: string }, today: string): Period {
  const last = to === undefined ? undefined : dayOf("--to", to, "last");
  const first = from === undefined ? `${(last ?? today).slice(0, 7)}-01` : dayOf("--from", from, "first");
  const period = { from: first, to: last ?? (first > today ? first : today) };
  if (period.from > period.to) {
    throw wrongPeriod(`The period ends (${period.to}) before it begins (${period.from}).`);
  }
  return period;
}

/**
 * The period that another is compared with: of whole months, as many months before; of a month so far, the same days of
 * the month before; else as many days right before it.
 */
export function previousOf({ from, to }: Period): Period {
  const endsMonth = to === lastOfMonth(to);
  if (from.endsWith("-01") && endsMonth) {
    const months = monthIndex(to) - monthIndex(from) + 1;
    return { from: dayInMonth(monthIndex(from) - months, 1), to: addDays(from, -1) };
  }
  if (from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7)) {
    return {
      from: dayInMonth(monthIndex(from) - 1, 1),
      to: dayInMonth(monthIndex(from) - 1, Number(to.slice(8))),
    };
  }
  return { from: addDays(from, -daysIn({ from, to })), to: addDays(from, -1) };
}

/** The day that it is in a time zone. Throws a ProblemError where there is no such zone. */
export function todayIn(timeZone: string, now = new Date()): string {
  try {
    // Swedish dates are those of ISO 8601.
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
  } catch {
    const meant = didYouMean(timeZone, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
    throw new ProblemError([
      {
        id: "unknown-time-zone",
        severity: "error",
        what: `There is no time zone "${timeZone}".`,
        next: meant ? `Did you mean "${meant}"?` : "Use an IANA name: UTC, Europe/Berlin, Asia/Kolkata.",
      },
    ]);
  }
}

/** A day so many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * msPerDay);
}

/** How many days a period has. */
export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / msPerDay) + 1;
}

/** Every day of a period. */
export function daysOf(period: Period): string[] {
  return Array.from({ length: daysIn(period) }, (_, at) => addDays(period.from, at));
}

/** The last day of a day's month. */
export function lastOfMonth(day: string): string {
  return dayInMonth(monthIndex(day), 31);
}

/** Checks a day that was given for an option. Throws a ProblemError where it is none. */
export function dayOf(option: string, text: string, end: "first" | "last" = "first"): string {
  if (/^\d{4}-\d{2}$/.test(text) && isDay(`${text}-01`))
    return end === "first" ? `${text}-01` : lastOfMonth(`${text}-01`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text)) return text;
  throw wrongPeriod(`${option} "${text}" is neither a day nor a month.`);
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  // The 30th of February is read as the 2nd of March.
  return !Number.isNaN(time) && isoDay(time) === text && time >= 0;
}

function monthIndex(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

/** The day of that number, or the last that the month has. */
function dayInMonth(month: number, day: number): string {
  const [year, at] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, at + 1, 0)).getUTCDate();
  return isoDay(Date.UTC(year, at, Math.min(day, last)));
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function wrongPeriod(what: string): ProblemError {
  return new ProblemError([
    {
      id: "costs-period",
      severity: "error",
      what,
      next: "Give days as 2026-11-01 or months as 2026-11, the earlier one as --from.",
    },
  ]);
}
