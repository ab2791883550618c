import { contract } from "../../stack/catalog/contract.js";
import type { Call, Run } from "../call.js";
import { formatDecimal, parseDecimal, usdPlaces } from "../prices/decimal.js";
import type { Price } from "../prices/types.js";
import { tokenTypes, unattributed } from "../semconv.js";

/** A call with what it costs. */
export interface PricedCall {
  call: Call;
  price: Price;
}

/** Stands in labels and roll-ups for a model or provider that nobody named. */
export const unknown = "unknown";

const durationBounds = boundsOf("llm_request_duration_seconds");
const firstTokenBounds = boundsOf("llm_time_to_first_token_seconds");
const tokenBounds = boundsOf("llm_request_tokens");
const agentBounds = boundsOf("agent_duration_seconds");

/**
 * What the array `counts` of `llm_call_series` holds, part after part. Buckets count what is in them alone; the last one
 * holds what is above all bounds. A part is only ever added at the end: rows that are older have it shorter.
 */
export const callCounts = layout({
  tokens: tokenTypes.length,
  unpriced: tokenTypes.length,
  duration: durationBounds.length + 1,
  firstToken: firstTokenBounds.length + 1,
  ...Object.fromEntries(tokenTypes.map((type) => [`size:${type}`, tokenBounds.length + 1])),
});
/** The same for `llm_run_series`. */
export const runCounts = layout({ duration: agentBounds.length + 1 });

/** Upper bounds of the buckets of what is measured. */
export const bounds = {
  duration: durationBounds,
  firstToken: firstTokenBounds,
  size: tokenBounds,
  agent: agentBounds,
} as const;

/** What calls of the same labels add up to. */
export interface CallSeries {
  key: readonly [
    model: string,
    provider: string,
    feature: string,
    team: string,
    agent: string,
    operation: string,
    status: string,
    errorType: string,
  ];
  calls: number;
  /** In the {@link usdPlaces}-th place of a US dollar. */
  cost: bigint;
  durationSeconds: number;
  firstTokenSeconds: number;
  counts: number[];
}

/** What runs of the same labels add up to. */
export interface RunSeries {
  key: readonly [
    kind: string,
    agent: string,
    tool: string,
    feature: string,
    team: string,
    status: string,
    errorType: string,
  ];
  runs: number;
  durationSeconds: number;
  counts: number[];
}

/** Adds calls up by their labels. */
export function callSeries(calls: readonly PricedCall[]): CallSeries[] {
  const all = new Map<string, CallSeries>();
  for (const { call, price } of calls) {
    const key = [
      modelOf(call),
      call.provider ?? unknown,
      call.feature ?? unattributed,
      call.team ?? unattributed,
      call.agent ?? "",
      call.operation,
      call.status,
      call.errorType ?? "",
    ] as const;
    const series = getOrAdd(all, key.join("\n"), () => ({
      key,
      calls: 0,
      cost: 0n,
      durationSeconds: 0,
      firstTokenSeconds: 0,
      counts: new Array<number>(callCounts.length).fill(0),
    }));
    const { counts } = series;
    series.calls += 1;
    if (price.costUsd !== null) series.cost += parseDecimal(price.costUsd, usdPlaces);
    tokensByType(call).forEach((tokens, type) => {
      if (tokens === null) return;
      counts[callCounts.at.tokens! + type]! += tokens;
      if (price.costUsd === null) counts[callCounts.at.unpriced! + type]! += tokens;
      counts[callCounts.at[`size:${tokenTypes[type]}`]! + bucketOf(tokens, tokenBounds)]! += 1;
    });
    if (call.latency !== null) {
      series.durationSeconds += call.latency;
      counts[callCounts.at.duration! + bucketOf(call.latency, durationBounds)]! += 1;
    }
    if (call.timeToFirstToken !== null) {
      series.firstTokenSeconds += call.timeToFirstToken;
      counts[callCounts.at.firstToken! + bucketOf(call.timeToFirstToken, firstTokenBounds)]! += 1;
    }
  }
  return [...all.values()];
}

/** Adds runs up by their labels. */
export function runSeries(runs: readonly Run[]): RunSeries[] {
  const all = new Map<string, RunSeries>();
  for (const run of runs) {
    const key = [
      run.kind,
      run.agent ?? unknown,
      run.tool ?? (run.kind === "tool" ? unknown : ""),
      run.feature ?? unattributed,
      run.team ?? unattributed,
      run.status,
      run.errorType ?? "",
    ] as const;
    const series = getOrAdd(all, key.join("\n"), () => ({
      key,
      runs: 0,
      durationSeconds: 0,
      counts: new Array<number>(runCounts.length).fill(0),
    }));
    series.runs += 1;
    if (run.latency === null) continue;
    series.durationSeconds += run.latency;
    series.counts[runCounts.at.duration! + bucketOf(run.latency, agentBounds)]! += 1;
  }
  return [...all.values()];
}

/** A row of the roll-ups: its key, and what is added to it, in the order of its columns. */
export interface DailyRow {
  key: readonly string[];
  /** Calls, errors, calls without a price, then tokens. */
  counts: number[];
  cost: bigint;
}

/** Rows of `llm_usage_daily`. */
export function dailyRows(calls: readonly PricedCall[]): DailyRow[] {
  return addUp(
    calls,
    ({ call }) => [
      dayOf(call),
      call.environment ?? unattributed,
      call.service ?? unattributed,
      call.team ?? unattributed,
      call.feature ?? unattributed,
      call.provider ?? unknown,
      modelOf(call),
      call.operation,
    ],
    ({ call }) => [...tokensByType(call), call.totalTokens],
  );
}

/** Rows of `llm_usage_daily_users`; users are what `hash` makes of them. */
export function dailyUserRows(
  calls: readonly PricedCall[],
  hash: (user: string | null) => string | null,
): DailyRow[] {
  return addUp(
    calls,
    ({ call }) => [
      dayOf(call),
      hash(call.user) ?? unattributed,
      call.team ?? unattributed,
      call.feature ?? unattributed,
    ],
    ({ call }) => [call.totalTokens],
  );
}

/** A sum of money as the database takes it. */
export function usd(cost: bigint): string {
  return formatDecimal(cost, usdPlaces);
}

function addUp(
  calls: readonly PricedCall[],
  keyOf: (call: PricedCall) => string[],
  tokensOf: (call: PricedCall) => (number | null)[],
): DailyRow[] {
  const all = new Map<string, DailyRow>();
  for (const each of calls) {
    const key = keyOf(each);
    const tokens = tokensOf(each);
    const row = getOrAdd(all, key.join("\n"), () => ({
      key,
      counts: new Array<number>(3 + tokens.length).fill(0),
      cost: 0n,
    }));
    const { call, price } = each;
    row.counts[0]! += 1;
    if (call.status === "error") row.counts[1]! += 1;
    if (price.costUsd !== null) row.cost += parseDecimal(price.costUsd, usdPlaces);
    else if ((call.totalTokens ?? 0) > 0) row.counts[2]! += 1;
    tokens.forEach((count, place) => {
      row.counts[3 + place]! += count ?? 0;
    });
  }
  return [...all.values()];
}

/** In the order of {@link tokenTypes}. */
function tokensByType({ tokens }: Call): (number | null)[] {
  return [tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite, tokens.reasoning];
}

/** The model that was asked, which also failed calls have. */
function modelOf(call: Call): string {
  return call.requestModel ?? call.responseModel ?? unknown;
}

function dayOf({ timestamp }: Call): string {
  const day = Math.floor(timestamp.getTime() / 86_400_000);
  // Most calls are of one day.
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = timestamp.toISOString().slice(0, 10);
  }
  return lastDayText;
}
let lastDay: number | undefined;
let lastDayText = "";

function bucketOf(value: number, upperBounds: readonly number[]): number {
  const found = upperBounds.findIndex((bound) => value <= bound);
  return found === -1 ? upperBounds.length : found;
}

function getOrAdd<T>(all: Map<string, T>, key: string, make: () => T): T {
  const found = all.get(key);
  if (found !== undefined) return found;
  const made = make();
  all.set(key, made);
  return made;
}

function layout(parts: Record<string, number>): { at: Record<string, number>; length: number } {
  const at: Record<string, number> = {};
  let length = 0;
  for (const [name, size] of Object.entries(parts)) {
    at[name] = length;
    length += size;
  }
  return { at, length };
}

function boundsOf(name: string): readonly number[] {
  return contract.find((metric) => metric.name === name)!.buckets!;
}
