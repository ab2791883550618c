import { alert, type RuleGroupInput, record, type Series } from "obs-stack";
import { counter, fifths, type Phase, series, shareCases, stepsOf } from "./cases.js";
import { increase } from "./increase.js";
import {
  apart,
  braced,
  type CallLimits,
  type Labels,
  limitOf,
  named,
  percent,
  type Slice,
  slicesOf,
} from "./subjects.js";

/** When failing calls are told of; `false` leaves an alert out. */
export interface ErrorOptions {
  /**
   * Share of calls that fail. Defaults: critical above 0.05 over 5m, warning above 0.02 over 15m, both for 5m: a window of 5m
   * still holds a blip of two minutes that is over. Providers promise 99 to 99.9 %,
   * and SDKs retry most of what is left: 2 % is no accident any more, at 5 % users see it.
   */
  errorRate?: CallLimits | false;
  /** No call of a model succeeds for so long. Default: 2m, of 10 calls at least: fewer may be one client with a bad key. */
  noSuccess?: { window?: string; minimumCalls?: number } | false;
  /** All series of calls vanish after this many calls in an hour. Default: 20. */
  callsVanished?: { minimumCalls?: number } | false;
  /**
   * Share of a model's calls that had to go to another model. Default: above 0.1 over 15m, of 20 calls at least: answers come
   * from a model that nobody chose, at its price.
   */
  fallbacks?: { warning?: number; window?: string; minimum?: number } | false;
}

const requests = "llm_requests_total";
const errors = "llm_errors_total";
const call = ["provider", "model", "feature", "team"];

/** Calls that fail: by share, wholly, out of sight, or saved by another model. */
export function errorGroups(options: ErrorOptions): RuleGroupInput[] {
  const { errorRate = {}, noSuccess = {}, callsVanished = {}, fallbacks = {} } = options;
  const {
    criticalWindow = "5m",
    warningWindow = "15m",
    critical = 0.05,
    warning = 0.02,
    minimumCalls: minimum = 20,
  } = errorRate || {};
  const levels = [
    { name: "LlmErrorRateHigh", severity: "critical", window: criticalWindow, limit: critical, wait: "5m" },
    { name: "LlmErrorRateElevated", severity: "warning", window: warningWindow, limit: warning, wait: "5m" },
  ] as const;
  const slices =
    errorRate === false ? [] : slicesOf(errorRate.by ?? ["provider", "model"], errorRate.overrides ?? []);
  const rules = slices.flatMap((slice) =>
    levels.flatMap((level) => {
      const limit = limitOf(slice, level.severity, level.limit);
      return limit === false ? [] : [errorRateAlert(slice, { ...level, limit, minimum })];
    }),
  );
  const { window: noSuccessWindow = "2m" } = noSuccess || {};
  const windows = new Set([
    ...levels.filter(({ name }) => rules.some((rule) => rule.name === name)).map(({ window }) => window),
    ...(noSuccess === false ? [] : [noSuccessWindow]),
  ]);
  return [
    {
      name: "llm-errors",
      rules: [
        ...[...windows].flatMap(callRecords),
        ...rules,
        ...(noSuccess === false ? [] : [noSuccessAlert(noSuccessWindow, noSuccess.minimumCalls ?? 10)]),
        ...(callsVanished === false ? [] : [callsVanishedAlert(callsVanished.minimumCalls ?? 20)]),
        ...(fallbacks === false ? [] : [fallbacksAlert(fallbacks)]),
      ],
    },
  ];
}

/** Calls, and failed calls, of a window: what all alerts about errors are made of. */
function callRecords(window: string) {
  const steps = fifths(window);
  const labels = { provider: "openai", model: "gpt-4o", feature: "search", team: "shop" };
  return [requests, errors].map((metric) => {
    const rest = metric === requests ? "operation" : "error_type";
    return record(`call:${metric.replace(/_total$/, "")}:increase${window}`, {
      expr: increase({ metric, by: call, window }),
      cases: [
        {
          name: "instances, operations and kinds of errors are summed up, callers are not",
          interval: steps.interval,
          series: {
            [series(metric, { ...labels, instance: "a", [rest]: "chat" })]: counter([[10, 10]]),
            [series(metric, { ...labels, instance: "b", [rest]: "chat" })]: counter([[20, 10]]),
            [series(metric, { ...labels, instance: "b", [rest]: "other" })]: counter([[30, 10]]),
            [series(metric, { ...labels, team: "office", instance: "b" })]: counter([[40, 10]]),
          },
          gives: {
            [steps.at(10)]: {
              '{provider="openai", model="gpt-4o", feature="search", team="shop"}': 300,
              '{provider="openai", model="gpt-4o", feature="search", team="office"}': 200,
            },
          },
        },
      ],
    });
  });
}

/** Series of calls, and of failed ones where there were any. */
function calls(labels: Labels, all: readonly Phase[], bad?: readonly Phase[], start?: number): Series {
  return {
    [series(requests, { ...labels, operation: "chat" })]: counter(all, start),
    ...(bad && { [series(errors, { ...labels, error_type: "timeout" })]: counter(bad, start) }),
  };
}

interface Level {
  name: string;
  severity: "critical" | "warning";
  window: string;
  limit: number;
  wait: string;
  minimum: number;
}

function errorRateAlert(slice: Slice, { name, severity, window, limit, wait, minimum }: Level) {
  const { match, by, sample, others } = slice;
  const sum = (metric: string) =>
    `sum by (${by.join(", ")}) (call:${metric}:increase${window}${braced(match)})`;
  return alert(name, {
    // A model without a series of errors has no share, and no alert: the same as a share of 0.
    expr: `${sum("llm_errors")}\n  / (${sum("llm_requests")} >= ${minimum})\n  > ${limit}`,
    ...apart(slice),
    for: wait,
    severity,
    cause: "llm-errors",
    dashboard: "llm-overview",
    summary: `{{ $value | humanizePercentage }} of calls${slice.named} fail: ${named(by)}`,
    description: `Over the last ${window}, {{ $value | humanizePercentage }} of these calls failed; ${percent(limit)} may. Look at error_type first: rate_limit, timeout, server, authentication each have another mend.`,
    cases: shareCases({
      window,
      for: wait,
      share: limit,
      minimum,
      by,
      sample,
      others,
      one: "call",
      bad: "fails",
      series: calls,
    }),
  });
}

function noSuccessAlert(window: string, minimum: number) {
  const by = ["provider", "model"];
  const sum = (metric: string) => `sum by (provider, model) (call:${metric}:increase${window})`;
  const { interval, at } = fifths(window);
  const labels = { provider: "openai", model: "gpt-4o", feature: "search", team: "shop" };
  const fires = [{ provider: "openai", model: "gpt-4o" }];
  const few = (each: number, steps: number, more: Labels = {}) =>
    calls({ ...labels, ...more }, [[each / 5, steps]], [[each / 5, steps]]);
  const enough = minimum % 5 === 0 ? minimum : minimum + 0.01;
  return alert("LlmNoSuccess", {
    // Half a call: the two sums come from different series, whose increases are estimates.
    expr: `${sum("llm_requests")} >= ${minimum}\nand\n  ${sum("llm_requests")} - ${sum("llm_errors")} < 0.5`,
    severity: "critical",
    cause: "llm-errors",
    dashboard: "llm-providers",
    summary: `No call succeeds: ${named(by)}`,
    description: `All of the last {{ $value | printf "%.0f" }} calls failed, for ${window}. Is the provider down, the key refused, or the quota used up? Switch to another model if there is one.`,
    cases: [
      {
        kind: "fires",
        name: "all calls of one model fail, others succeed, also on the same provider and of the same name",
        interval,
        series: {
          ...calls(
            labels,
            [[100, 30]],
            [
              [2, 10],
              [100, 20],
            ],
          ),
          ...calls({ ...labels, model: "gpt-4o-mini" }, [[100, 30]], [[2, 30]]),
          ...calls({ ...labels, provider: "azure" }, [[100, 30]], [[2, 30]]),
        },
        firing: { [at(10)]: false, [at(13)]: false, [at(14)]: fires, [at(30)]: fires },
        annotations: { summary: "No call succeeds: provider openai, model gpt-4o" },
      },
      {
        kind: "fires",
        name: "just enough calls, of two features and instances together",
        interval,
        series: {
          ...few(enough / 2, 20, { feature: "search", instance: "a" }),
          ...few(enough / 2, 20, { feature: "summary", instance: "b" }),
        },
        firing: { [at(20)]: fires },
      },
      {
        kind: "quiet",
        name: "one feature fails wholly, another of the same model does not",
        interval,
        series: {
          ...calls(labels, [[100, 20]], [[100, 20]]),
          ...calls({ ...labels, feature: "summary" }, [[1, 20]]),
        },
        firing: { [at(20)]: false },
      },
      {
        kind: "quiet",
        name: "a single call succeeds",
        interval,
        series: calls(
          labels,
          [[100, 22]],
          [
            [100, 19],
            [99, 1],
            [100, 2],
          ],
        ),
        firing: { [at(19)]: true, [at(20)]: false, [at(22)]: false },
      },
      {
        kind: "fires",
        name: "the two increases are estimated a little differently",
        interval,
        series: calls(labels, [[100, 20]], [[99.91, 20]]),
        firing: { [at(20)]: true },
      },
      {
        kind: "quiet",
        name: "they differ by more than estimates do",
        interval,
        series: calls(labels, [[100, 20]], [[99.89, 20]]),
        firing: { [at(20)]: false },
      },
      {
        kind: "quiet",
        name: "all fail, but they are too few to tell",
        interval,
        series: few(minimum - 0.2, 30),
        firing: { [at(30)]: false },
      },
      {
        kind: "quiet",
        name: "nobody calls",
        interval,
        series: calls(labels, [[0, 30]], [[0, 30]]),
        firing: { [at(30)]: false },
      },
      {
        kind: "resolves",
        name: "calls succeed again",
        interval,
        series: calls(
          labels,
          [[100, 30]],
          [
            [100, 20],
            [99, 10],
          ],
        ),
        firing: { [at(20)]: fires, [at(21)]: false },
      },
      {
        kind: "no data",
        name: "no call was ever counted, or none failed",
        interval,
        series: calls(labels, [[100, 20]]),
        firing: { [at(1)]: false, [at(20)]: false },
      },
      {
        kind: "no data",
        name: "the series vanish: LlmCallsVanished takes over",
        interval,
        series: calls(labels, [[100, 20]], [[100, 20]]),
        firing: { [at(20)]: fires, [at(26)]: false },
      },
    ],
  });
}

function callsVanishedAlert(minimum: number) {
  const { interval, at } = stepsOf(60_000);
  const grown = (total: number, steps: number): Phase[] => [[total / steps, steps]];
  const all = { provider: "openai", model: "gpt-4o", feature: "search", team: "shop" };
  return alert("LlmCallsVanished", {
    // What was counted lately is remembered for an hour; the series themselves are gone five minutes after their last sample.
    expr: `sum(increase(${requests}[1h])) >= ${minimum} unless count(${requests})`,
    for: "2m",
    severity: "critical",
    dashboard: "llm-overview",
    summary: 'Calls of models are no longer seen, after {{ $value | printf "%.0f" }} in the hour before',
    description:
      "All series of llm_requests_total have vanished. Either the applications are down, or their telemetry is (collector, ledger, Prometheus): then no other alert about calls can fire. Find out which of the two first.",
    cases: [
      {
        kind: "fires",
        name: "all series end: five minutes later they are gone, two more and it fires",
        interval,
        series: {
          ...calls(all, [[minimum, 20]]),
          ...calls({ ...all, model: "gpt-4o-mini" }, [[minimum, 20]]),
        },
        firing: { [at(24)]: false, [at(26)]: false, [at(27)]: [{ provider: "", model: "" }], [at(50)]: true },
      },
      {
        kind: "fires",
        name: "few calls, of two models together",
        interval,
        series: {
          ...calls(all, grown(minimum * 0.51, 40)),
          ...calls({ ...all, model: "gpt-4o-mini" }, grown(minimum * 0.51, 40)),
        },
        firing: { [at(46)]: false, [at(47)]: true },
      },
      {
        kind: "quiet",
        name: "too few calls to tell",
        interval,
        series: calls(all, grown(minimum * 0.96, 50)),
        firing: { [at(57)]: false, [at(80)]: false },
      },
      {
        kind: "quiet",
        name: "one of two models vanishes",
        interval,
        series: { ...calls(all, [[minimum, 20]]), ...calls({ ...all, model: "gpt-4o-mini" }, [[0, 60]]) },
        firing: { [at(27)]: false, [at(50)]: false },
      },
      {
        kind: "quiet",
        name: "nobody calls, but the series are there",
        interval,
        series: calls(all, [
          [minimum, 20],
          [0, 40],
        ]),
        firing: { [at(50)]: false },
      },
      {
        kind: "resolves",
        name: "the series come back",
        interval,
        series: Object.fromEntries(
          Object.entries(calls(all, [[minimum, 20]])).map(([name, values]) => [
            name,
            `${values} _x9 ${counter([[minimum, 20]])}`,
          ]),
        ),
        firing: { [at(28)]: true, [at(31)]: false, [at(40)]: false },
      },
      {
        kind: "no data",
        name: "there never were any",
        interval,
        series: { 'up{job="api"}': "1x60" },
        firing: { [at(60)]: false },
      },
      {
        kind: "no data",
        name: "an hour after the last call it is forgotten",
        interval,
        series: calls(all, [[minimum * 2, 20]]),
        firing: { [at(70)]: true, [at(81)]: false },
      },
    ],
  });
}

function fallbacksAlert({
  warning = 0.1,
  window = "15m",
  minimum = 20,
}: {
  warning?: number;
  window?: string;
  minimum?: number;
}) {
  const by = ["provider", "model"];
  const fallbacks = increase({ metric: "llm_fallbacks_total", by, window });
  return alert("LlmFallbacksFrequent", {
    expr: `${fallbacks}\n  / (${increase({ metric: requests, by, window })} >= ${minimum})\n  > ${warning}`,
    for: "5m",
    severity: "warning",
    cause: "llm-errors",
    dashboard: "llm-providers",
    summary: `{{ $value | humanizePercentage }} of calls go to another model: ${named(by)}`,
    description: `Over the last ${window}, {{ $value | humanizePercentage }} of the calls of this model failed and were answered by a fallback, at another price and quality; ${percent(warning)} may. Look at the label reason of llm_fallbacks_total.`,
    cases: shareCases({
      window,
      for: "5m",
      share: warning,
      minimum,
      by,
      sample: { provider: "openai", model: "gpt-4o" },
      others: { provider: "azure", model: "gpt-4o-mini" },
      one: "call",
      bad: "falls back",
      series: (labels, all, bad, start) => ({
        [series(requests, { ...labels, feature: "search", team: "shop" })]: counter(all, start),
        ...(bad && {
          [series("llm_fallbacks_total", {
            ...labels,
            fallback_model: "claude",
            fallback_provider: "anthropic",
            reason: "timeout",
          })]: counter(bad, start),
        }),
      }),
    }),
  });
}
