import { type DateTime, dateMath, dateTime, type TimeRange, type TimeZone } from "@grafana/data";

/** The range that an address or a dashboard names: `now-1h`, milliseconds since 1970, or a date. */
export function rangeOf(from: string, to: string, timeZone: TimeZone): TimeRange {
  const start = pointOf(from, false, timeZone);
  const end = pointOf(to, true, timeZone);
  const isRelative = (text: string) => text.includes("now");
  return {
    from: start,
    to: end,
    raw: { from: isRelative(from) ? from : start, to: isRelative(to) ? to : end },
  };
}

function pointOf(text: string, roundUp: boolean, timeZone: TimeZone): DateTime {
  const point = /^\d+$/.test(text)
    ? dateTime(Number(text))
    : dateMath.toDateTime(text, { roundUp, timezone: timeZone });
  // What nobody can read shows the last hour rather than nothing.
  return point?.isValid() ? point : dateTime(Date.now() - (roundUp ? 0 : 3_600_000));
}

/** A side of a range as addresses have it. */
export function asText(side: DateTime | string): string {
  return typeof side === "string" ? side : String(side.valueOf());
}

/** The range of a panel that has one of its own (`1h`) or looks at an earlier time (`1d`). */
export function ownRange(
  range: TimeRange,
  { timeFrom, timeShift }: { timeFrom?: string; timeShift?: string },
  timeZone: TimeZone,
): TimeRange {
  let own = range;
  if (timeFrom) own = rangeOf(timeFrom.includes("now") ? timeFrom : `now-${timeFrom}`, "now", timeZone);
  if (!timeShift) return own;
  const earlier = (side: DateTime) =>
    dateMath.parseDateMath(`-${timeShift.replace(/^-/, "")}`, dateTime(side)) ?? side;
  const [from, to] = [earlier(own.from), earlier(own.to)];
  return { from, to, raw: { from, to } };
}
