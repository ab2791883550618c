const units = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8, y: 3.1536e10 } as const;
const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const order = ["y", "w", "d", "h", "m", "s", "ms"] as const;

/**
 * Milliseconds of a duration in Prometheus' notation (`15d`, `1h30m`, `500ms`), or undefined when it isn't one.
 * A day has 24 hours, a week 7 days, a year 365 days: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
export function parseDuration(text: string): number | undefined {
  const match = text === "" ? null : pattern.exec(text);
  if (!match) return text === "0" ? 0 : undefined;
  return order.reduce((sum, unit, at) => sum + Number(match[at + 1] ?? 0) * units[unit], 0);
}

/**
 * The same length of time for programs that read Go durations, which know no days (`15d` becomes `360h0m0s`).
 * Throws RangeError on text that isn't a duration: the definition's schema has checked it by then.
 */
export function goDuration(text: string): string {
  const total = parseDuration(text);
  if (total === undefined) throw new RangeError(`not a duration: ${text}`);
  if (total % 1000 !== 0) return `${total}ms`;
  const hours = Math.floor(total / units.h);
  const minutes = Math.floor((total % units.h) / units.m);
  const seconds = (total % units.m) / units.s;
  return `${hours}h${minutes}m${seconds}s`;
}
