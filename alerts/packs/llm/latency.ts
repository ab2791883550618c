import { alert, type RuleGroupInput, type Series } from "obs-stack";
import { counter, type Phase, series, shareCases } from "./cases.js";
import { increase } from "./increase.js";
import { apart, type CallLimits, type Labels, limitOf, named, type Slice, slicesOf } from "./subjects.js";

/** When slow answers are told of; `false` leaves an alert out. */
export interface LatencyOptions {
  /**
   * Seconds within which 95 % of calls are answered, failed ones included: a time-out is slow, too. Defaults: critical above 5
   * over 10m, warning above 3 over 15m, which suits answers that somebody waits for. Long answers, reasoning and batch work take
   * longer: give their features or models limits of their own in `overrides`. Limits at bounds of the histogram's buckets
   * (1, 2, 3, 5, 10, 20, 30, 60, 120, 300) are exact, between them the percentile is an estimate.
   */
  latency?: CallLimits | false;
  /**
   * Seconds within which 95 % of streamed calls show their first token. Default: above 3 over 15m: a reader takes a silent
   * screen for a broken one.
   */
  firstToken?: Omit<CallLimits, "critical" | "criticalWindow"> | false;
}

interface Level {
  name: string;
  severity: "critical" | "warning";
  window: string;
  limit: number;
  wait: string;
  minimum: number;
}

/** Calls that take too long. */
export function latencyGroups({ latency = {}, firstToken = {} }: LatencyOptions): RuleGroupInput[] {
  const { critical = 5, warning = 3, criticalWindow = "10m", warningWindow = "15m" } = latency || {};
  const rules = [
    ...(latency === false
      ? []
      : slicesOf(latency.by ?? ["provider", "model"], latency.overrides ?? []).flatMap((slice) => {
          const minimum = latency.minimumCalls ?? 20;
          const high = limitOf(slice, "critical", critical);
          const elevated = limitOf(slice, "warning", warning);
          return [
            ...(high === false
              ? []
              : [
                  slowAlert("llm_request_duration_seconds", slice, {
                    name: "LlmLatencyHigh",
                    severity: "critical",
                    window: criticalWindow,
                    limit: high,
                    wait: "2m",
                    minimum,
                  }),
                ]),
            ...(elevated === false
              ? []
              : [
                  slowAlert("llm_request_duration_seconds", slice, {
                    name: "LlmLatencyElevated",
                    severity: "warning",
                    window: warningWindow,
                    limit: elevated,
                    wait: "5m",
                    minimum,
                  }),
                ]),
          ];
        })),
    ...(firstToken === false
      ? []
      : slicesOf(firstToken.by ?? ["provider", "model"], firstToken.overrides ?? []).flatMap((slice) => {
          const limit = limitOf(slice, "warning", firstToken.warning ?? 3);
          return limit === false
            ? []
            : [
                slowAlert("llm_time_to_first_token_seconds", slice, {
                  name: "LlmFirstTokenSlow",
                  severity: "warning",
                  window: firstToken.warningWindow ?? "15m",
                  limit,
                  wait: "5m",
                  minimum: firstToken.minimumCalls ?? 20,
                }),
              ];
        })),
  ];
  return [{ name: "llm-latency", rules }];
}

function slowAlert(metric: string, slice: Slice, { name, severity, window, limit, wait, minimum }: Level) {
  const { match, by, sample, others } = slice;
  const answered = metric === "llm_request_duration_seconds";
  return alert(name, {
    expr: `histogram_quantile(0.95, ${increase({ metric: `${metric}_bucket`, match, by: ["le", ...by], window })}) > ${limit}
and
  ${increase({ metric: `${metric}_count`, match, by, window })} >= ${minimum}`,
    ...apart(slice),
    for: wait,
    severity,
    cause: answered ? "llm-latency" : "llm-first-token",
    dashboard: answered ? "llm-overview" : "llm-providers",
    summary: answered
      ? `Calls${slice.named} are slow, P95 {{ $value | humanizeDuration }}: ${named(by)}`
      : `First tokens${slice.named} come late, P95 {{ $value | humanizeDuration }}: ${named(by)}`,
    description: answered
      ? `Over the last ${window}, one call in 20 took longer than {{ $value | humanizeDuration }}; ${limit} s may be. Is it one model (the provider), or all (own side)? Have prompts or answers grown?`
      : `Over the last ${window}, one streamed call in 20 showed nothing for more than {{ $value | humanizeDuration }}; ${limit} s may be. Users see a silent screen. Long prompts and a busy provider are the usual causes.`,
    cases: shareCases({
      window,
      for: wait,
      share: 0.05,
      minimum,
      by,
      sample,
      others,
      one: "call",
      bad: "is slow",
      series: histogram(metric, limit),
    }),
  });
}

/** Buckets of calls that are answered within the limit, or within twice of it. */
function histogram(metric: string, limit: number) {
  return (labels: Labels, all: readonly Phase[], bad?: readonly Phase[], start?: number): Series => {
    const bucket = (le: string) => series(`${metric}_bucket`, { ...labels, le });
    return {
      // All is well: fast enough for any other limit, too.
      ...(bad ? {} : { [bucket("0.001")]: counter(all, start) }),
      [bucket(String(limit))]: counter(fast(all, bad ?? []), start),
      [bucket(String(limit * 2))]: counter(all, start),
      [bucket("+Inf")]: counter(all, start),
      [series(`${metric}_count`, labels)]: counter(all, start),
    };
  };
}

/** What is left of all without the bad ones; `all` has one phase or as many as `bad`. */
function fast(all: readonly Phase[], bad: readonly Phase[]): Phase[] {
  if (bad.length === 0) return [...all];
  return bad.map(([amount, steps], at) => [(all[at] ?? all[0])![0] - amount, steps]);
}
