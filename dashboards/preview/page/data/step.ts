/** Prometheus refuses more points of a series than this. */
const mostPoints = 11_000;

/** What Prometheus is taken to be scraped every, where nothing else is known. */
export const usualScrape = 15_000;

const unitsOfTime: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** Milliseconds of a length of time as Grafana writes it (`15s`, `>1m`, `1h30m`); undefined for what is none. */
export function milliseconds(text: string | undefined): number | undefined {
  const trimmed = text?.trim().replace(/^>=?/, "") ?? "";
  if (!/^(\d+(\.\d+)?(ms|[smhdwMy]))+$/.test(trimmed)) return undefined;
  let sum = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwMy])/g))
    sum += Number(count) * unitsOfTime[unit!]!;
  return sum;
}

/** Lengths that people can read, in ascending order. */
const round = [
  1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000,
];

/** The nearest length that people can read. */
function rounded(length: number): number {
  return (
    round.find((each, at) => {
      const next = round[at + 1] ?? Number.POSITIVE_INFINITY;
      // Half a day stands for nearly a whole one: fewer than two points a day show nothing.
      return length < (each < 43_200_000 ? (each + next) / 2 : next);
    }) ?? round.at(-1)!
  );
}

/** The range of a panel, and how finely it wants to see it. */
export interface Resolution {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** How many points of a series fit: the panel's own number, or its width in pixels. */
  maxDataPoints: number;
  /** The smallest step, in milliseconds. */
  minInterval: number;
}

/** Length of a step in milliseconds: short enough for the panel's points, never below the smallest, and a round number. */
export function intervalOf({ from, to, maxDataPoints, minInterval }: Resolution): number {
  return Math.max(minInterval, rounded(Math.max(1, (to - from) / Math.max(1, maxDataPoints))));
}

/** Steps of a query of Prometheus. */
export interface PrometheusStep {
  /** Milliseconds. */
  step: number;
  /** What `$__rate_interval` stands for, in milliseconds: at least four scrapes, so that a rate has its two samples. */
  rateInterval: number;
  /** The range, at whole steps, so that the same points are asked for again: milliseconds since 1970. */
  start: number;
  end: number;
}

/**
 * The step of a query of Prometheus, and `$__rate_interval`:
 * https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 * `scrape`: the time between two samples. `factor`: the query's own `intervalFactor`.
 */
export function prometheusStep(resolution: Resolution, scrape: number, factor = 1): PrometheusStep {
  const fits = Math.ceil((resolution.to - resolution.from) / mostPoints / 1000) * 1000;
  const step = Math.max(intervalOf(resolution) * factor, fits);
  return {
    step,
    rateInterval: Math.max(step + scrape, 4 * scrape),
    start: Math.floor(resolution.from / step) * step,
    end: Math.floor(resolution.to / step) * step,
  };
}

/** A length of time as queries take it: `15s`, `1m`, `250ms`. */
export function asDuration(length: number): string {
  for (const [unit, size] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const)
    if (length >= size && length % size === 0) return `${length / size}${unit}`;
  return `${Math.round(length)}ms`;
}
