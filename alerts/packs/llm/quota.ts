import { alert, type RuleGroupInput, type Series } from "obs-stack";
import { counter, fifths, gauge, type Phase, series, stepsOf } from "./cases.js";
import { increase } from "./increase.js";
import type { Labels } from "./subjects.js";

/** When limits of providers and the cache are told of; `false` leaves an alert out. */
export interface QuotaOptions {
  /**
   * Share of a provider's rate limit (requests or tokens a minute) that is used. Default: critical above 0.8: a peak of traffic or
   * one round of retries away from refusals.
   */
  quota?: { critical?: number } | false;
  /**
   * Share of the day before's hit rate of the gateway's cache that is left. Default: warning below 0.5, of 50 look-ups in 30m, where
   * the hit rate was 0.1 and more: calls that were free are paid and waited for again.
   */
  cacheHits?: { warning?: number; window?: string; minimum?: number; from?: number } | false;
}

/** What providers allow, and what the cache saves of it. */
export function quotaGroups({ quota = {}, cacheHits = {} }: QuotaOptions): RuleGroupInput[] {
  return [
    {
      name: "llm-quota",
      rules: [
        ...(quota === false ? [] : [quotaAlert(quota.critical ?? 0.8)]),
        ...(cacheHits === false ? [] : [cacheAlert(cacheHits)]),
      ],
    },
  ];
}

function quotaAlert(used: number) {
  const left = Number((1 - used).toPrecision(6));
  const { interval, at } = stepsOf(60_000);
  const subject = { provider: "openai", model: "gpt-4o", kind: "tokens" };
  const headroom = (values: string, labels: Labels = {}) => ({
    [series("llm_quota_headroom_ratio", { ...subject, instance: "a", ...labels })]: values,
  });
  const called = (values: string, provider = "openai"): Series => ({
    [series("llm_requests_total", { provider, model: "gpt-4o-2024-11-20", feature: "search", team: "shop" })]:
      values,
  });
  const calls = called(counter([[10, 60]]));
  const low = left * 0.97;
  const high = left * 1.03;
  return alert("LlmQuotaNearlyUsed", {
    // Some providers refill every minute: what counts is the low of each minute. Where nobody calls, the last headroom known
    // stands still, however long ago it was refilled.
    expr: `min by (provider, model, kind) (min_over_time(llm_quota_headroom_ratio[2m])) < ${left}
and on (provider)
  ${increase({ metric: "llm_requests_total", by: ["provider"], window: "5m" })} > 0`,
    for: "5m",
    severity: "critical",
    cause: "llm-quota",
    dashboard: "llm-providers",
    summary: `Only {{ $value | humanizePercentage }} of the quota for {{ $labels.kind }} is left: {{ $labels.model }} of {{ $labels.provider }}`,
    description: `For five minutes and more, less than ${Number((left * 100).toPrecision(4))} % of this rate limit was left. Calls are about to be refused (HTTP 429), and retries make it worse. Move load to another model or put off batch work.`,
    cases: [
      {
        kind: "fires",
        name: "little is left of one limit, plenty of others",
        interval,
        series: {
          ...calls,
          ...called(counter([[10, 60]]), "azure"),
          ...headroom(
            gauge([
              [high, 20],
              [low, 40],
            ]),
          ),
          ...headroom("1x60", { kind: "requests" }),
          ...headroom("1x60", { model: "gpt-4o-mini" }),
          ...headroom("1x60", { provider: "azure" }),
          ...headroom("1x60", { instance: "b" }),
        },
        firing: { [at(20)]: false, [at(24)]: false, [at(25)]: [subject], [at(59)]: [subject] },
      },
      {
        kind: "fires",
        name: "a limit that is refilled every minute, and nearly used in each",
        interval: "30s",
        series: {
          ...called(counter([[10, 60]])),
          [series("llm_quota_headroom_ratio", subject)]: Array.from({ length: 30 }, () => `0.9 ${low}`).join(
            " ",
          ),
        },
        firing: { "5m": false, "10m": [subject], "25m": true },
      },
      {
        kind: "fires",
        name: "nothing is left, every call is refused, and there are few of them",
        interval,
        series: { ...called(counter([[0.15, 60]])), ...headroom("0x60") },
        firing: { [at(10)]: true, [at(59)]: true },
      },
      {
        kind: "quiet",
        name: "just enough is left",
        interval,
        series: { ...calls, ...headroom(gauge([[high, 60]])) },
        firing: { [at(59)]: false },
      },
      {
        kind: "quiet",
        name: "a single peak",
        interval,
        series: { ...calls, ...headroom("0.9x19 0.05x2 0.9x40") },
        firing: { [at(24)]: false, [at(25)]: false, [at(26)]: false, [at(27)]: false },
      },
      {
        kind: "quiet",
        name: "three peaks that are minutes apart",
        interval,
        series: { ...calls, ...headroom("0.9x19 0.05 0.9x2 0.05 0.9x2 0.05 0.9x2 0.05 0.9x20") },
        firing: { [at(25)]: false, [at(28)]: false, [at(30)]: false },
      },
      {
        kind: "quiet",
        name: "nobody calls this provider any more: what was left last says nothing",
        interval,
        series: {
          ...called(
            counter([
              [10, 20],
              [0, 40],
            ]),
          ),
          ...called(counter([[10, 60]]), "azure"),
          ...headroom(gauge([[low, 60]])),
        },
        firing: { [at(23)]: true, [at(26)]: false, [at(59)]: false },
      },
      {
        kind: "resolves",
        name: "load went down",
        interval,
        series: {
          ...calls,
          ...headroom(
            gauge([
              [low, 31],
              [high, 29],
            ]),
          ),
        },
        firing: { [at(30)]: true, [at(31)]: true, [at(32)]: false },
      },
      {
        kind: "no data",
        name: "the provider tells no limits, or they are no longer told",
        interval,
        series: { ...calls, ...headroom(gauge([[low, 31]])) },
        firing: { [at(30)]: true, [at(33)]: false },
      },
    ],
  });
}

function cacheAlert({
  warning = 0.5,
  window = "30m",
  minimum = 50,
  from = 0.1,
}: {
  warning?: number;
  window?: string;
  minimum?: number;
  from?: number;
}) {
  const by = ["feature"];
  const metric = "llm_cache_requests_total";
  const looked = (range: string) => increase({ metric, by, window: range });
  const hits = (range: string) => increase({ metric, match: 'result="hit"', by, window: range });
  // Without a single hit there may be no series of hits: that is a rate of 0, and the worst case.
  const share = `(${hits(window)} or 0 * ${looked(window)})
  / (${looked(window)} >= ${minimum})`;
  const before = `${hits("1d")}
  / (${looked("1d")} > 0)`;
  const { interval, at, during } = fifths(window);
  const wait = during("15m");
  const day = during("1d");
  const search = { model: "gpt-4o", feature: "search" };
  const lookups = (
    hits: readonly Phase[] | undefined,
    misses: readonly Phase[],
    labels: Labels = {},
  ): Series => ({
    ...(hits && { [series(metric, { ...search, ...labels, result: "hit" })]: counter(hits) }),
    [series(metric, { ...search, ...labels, result: "miss" })]: counter(misses),
  });
  const many = minimum * 100;
  /** Hits a day long, then fewer, then as before. */
  const fall = (then: number, usual = 0.4, steps = 10, after = 0): Series =>
    lookups(
      [[many * usual, day], [many * then, steps], [many * usual, after]],
      [[many * (1 - usual), day], [many * (1 - then), steps], [many * (1 - usual), after]],
    ); // biome-ignore format: pairs
  return alert("LlmCacheHitRateCollapsed", {
    expr: `${share}
  < ${warning} * (${before} > ${from})`,
    for: "15m",
    severity: "warning",
    dashboard: "llm-cost",
    summary: "The cache answers only {{ $value | humanizePercentage }} of feature {{ $labels.feature }}",
    description: `That is less than ${Number((warning * 100).toPrecision(4))} % of the hit rate of the day. Calls that were free are paid and waited for again. Was the cache emptied, or did the prompts get a part that changes each time (a date, a request id)?`,
    cases: [
      {
        kind: "fires",
        name: "the hit rate falls to a little less than half, that of another feature does not",
        interval,
        series: {
          ...fall(0.4 * warning * 0.95),
          ...lookups([[many * 4, day + 10]], [[many, day + 10]], { feature: "summary" }),
        },
        // The window has to be full of it: five steps.
        firing: { [at(day + 3 + wait)]: false, [at(day + 4 + wait)]: [{ feature: "search" }] },
      },
      {
        kind: "fires",
        name: "the series of hits is gone: there are none",
        interval,
        series: {
          [series(metric, { ...search, result: "hit" })]: counter([[many * 0.4, day]]),
          [series(metric, { ...search, result: "miss" })]: counter([
            [many * 0.6, day],
            [many, 20],
          ]),
        },
        firing: { [at(day + 20)]: [{ feature: "search" }] },
      },
      {
        kind: "fires",
        name: "just enough look-ups, of two models together",
        interval,
        series: {
          ...lookups(
            [
              [minimum * 0.1, day],
              [0, 20],
            ],
            [
              [0, day],
              [minimum * 0.101, 20],
            ],
          ),
          ...lookups(
            [
              [minimum * 0.1, day],
              [0, 20],
            ],
            [
              [0, day],
              [minimum * 0.101, 20],
            ],
            { model: "gpt-4o-mini" },
          ),
        },
        firing: { [at(day + 20)]: [{ feature: "search" }] },
      },
      {
        kind: "quiet",
        name: "the hit rate falls to a little more than half",
        interval,
        series: fall(0.4 * warning * 1.05),
        firing: { [at(day + 4 + wait)]: false, [at(day + 10)]: false },
      },
      {
        kind: "quiet",
        name: "too few look-ups to tell",
        interval,
        series: lookups(
          [
            [minimum * 0.2, day],
            [0, 20],
          ],
          [
            [0, day],
            [minimum * 0.19, 20],
          ],
        ),
        firing: { [at(day + 20)]: false },
      },
      {
        kind: "quiet",
        name: "there never were many hits",
        interval,
        series: fall(0, from * 0.98, 20),
        firing: { [at(day + 20)]: false },
      },
      {
        kind: "fires",
        name: "there were just enough hits to miss them",
        interval,
        series: fall(0, from * 1.25, 20),
        firing: { [at(day + 20)]: true },
      },
      {
        kind: "quiet",
        name: "half of the day was good, the other was not: against the whole day, this is usual",
        interval,
        series: lookups(
          [
            [many * 0.1, day / 2],
            [many * 0.9, day / 2],
            [many * 0.55 * warning, 10],
          ],
          [
            [many * 0.9, day / 2],
            [many * 0.1, day / 2],
            [many * (1 - 0.55 * warning), 10],
          ],
        ),
        firing: { [at(day + 10)]: false },
      },
      {
        kind: "quiet",
        name: "there were many hits the day before yesterday, but fewer since",
        interval,
        series: lookups(
          [
            [many * 0.9, day * 2],
            [many * 0.15, day],
            [many * 0.1, 10],
          ],
          [
            [many * 0.1, day * 2],
            [many * 0.85, day],
            [many * 0.9, 10],
          ],
        ),
        firing: { [at(day * 3 + 10)]: false },
      },
      {
        kind: "resolves",
        name: "the cache is warm again",
        interval,
        series: fall(0, 0.4, 20, 10),
        firing: { [at(day + 20)]: true, [at(day + 25)]: false },
      },
      {
        kind: "no data",
        name: "nobody looks anything up, or the series end",
        interval,
        series: fall(0, 0.4, 20),
        firing: { [at(day + 20)]: true, [at(day + 27)]: false },
      },
    ],
  });
}
