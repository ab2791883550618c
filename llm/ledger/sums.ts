import type { PoolClient } from "pg";
import type { Run } from "../call.js";
import { type Column, namesOf, parametersOf, unnested } from "./columns.js";
import type { Hash } from "./rows.js";
import {
  type CallSeries,
  callSeries,
  type DailyRow,
  dailyRows,
  dailyUserRows,
  type PricedCall,
  type RunSeries,
  runSeries,
  usd,
} from "./series.js";

/** What calls add up to: in the metrics, and in the roll-ups by day. */
export interface Sums {
  series: CallSeries[];
  daily: DailyRow[];
  users: DailyRow[];
}

/** Adds calls up. */
export function sumsOf(calls: readonly PricedCall[], hash: Hash): Sums {
  const ofNow = calls.filter(({ call }) => !call.backfilled);
  return { series: callSeries(ofNow), daily: dailyRows(calls), users: dailyUserRows(calls, hash) };
}

/** Adds what calls add up to, to what is there. */
export async function addSums(client: PoolClient, { series, daily, users }: Sums): Promise<void> {
  await add(client, "llm_call_series", callColumns, series);
  await add(client, "llm_usage_daily", dailyColumns, daily);
  await add(client, "llm_usage_daily_users", userColumns, users);
}

/** The same for runs. */
export async function addRuns(client: PoolClient, runs: readonly Run[]): Promise<void> {
  await add(client, "llm_run_series", runColumns, runSeries(runs.filter(({ backfilled }) => !backfilled)));
}

/** Columns of a table whose rows are added to. */
interface Columns<Row> {
  key: Column<Row>[];
  sums: Column<Row>[];
}

/** Buckets and the like: a list of lists would have to be rectangular in SQL, so that each goes as text. */
const lists = "counts";

const callColumns: Columns<CallSeries> = {
  key: keyColumns(["model", "provider", "feature", "team", "agent", "operation", "status", "error_type"]),
  sums: [
    ["calls", "bigint", ({ calls }) => calls],
    ["cost_usd", "numeric", ({ cost }) => usd(cost)],
    ["duration_seconds", "double precision", ({ durationSeconds }) => durationSeconds],
    ["first_token_seconds", "double precision", ({ firstTokenSeconds }) => firstTokenSeconds],
    [lists, "text", ({ counts }) => `{${counts.join(",")}}`],
  ],
};

const runColumns: Columns<RunSeries> = {
  key: keyColumns(["kind", "agent", "tool", "feature", "team", "status", "error_type"]),
  sums: [
    ["runs", "bigint", ({ runs }) => runs],
    ["duration_seconds", "double precision", ({ durationSeconds }) => durationSeconds],
    [lists, "text", ({ counts }) => `{${counts.join(",")}}`],
  ],
};

const dailyColumns = daysColumns(
  ["environment", "service", "team_id", "feature", "provider", "model", "operation"],
  [
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "total_tokens",
  ],
);
const userColumns = daysColumns(["user_id", "team_id", "feature"], ["total_tokens"]);

function daysColumns(keys: readonly string[], tokens: readonly string[]): Columns<DailyRow> {
  return {
    key: [["day", "date", ({ key }) => key[0]], ...keyColumns<DailyRow>(keys, 1)],
    sums: [
      ...["calls", "errors", "unpriced_calls", ...tokens].map(
        (name, at): Column<DailyRow> => [name, "bigint", ({ counts }) => counts[at]],
      ),
      ["cost_usd", "numeric", ({ cost }) => usd(cost)],
    ],
  };
}

function keyColumns<Row extends { key: readonly string[] }>(
  names: readonly string[],
  from = 0,
): Column<Row>[] {
  return names.map((name, at) => [name, "text", ({ key }) => key[from + at]]);
}

/** Adds rows to those of the same key. */
async function add<Row>(
  client: PoolClient,
  table: string,
  { key, sums }: Columns<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...key, ...sums];
  const sum = ([name]: Column<Row>) =>
    name === lists ? `llm_add(kept.${name}, excluded.${name})` : `kept.${name} + excluded.${name}`;
  await client.query({
    name: table,
    text: `INSERT INTO ${table} AS kept (${namesOf(columns)})
      SELECT ${columns.map(([name]) => (name === lists ? `${name}::bigint[]` : name)).join(", ")}
      FROM ${unnested(columns)} AS added (${namesOf(columns)})
      ON CONFLICT (${namesOf(key)}) DO UPDATE SET ${sums.map((column) => `${column[0]} = ${sum(column)}`).join(", ")}`,
    values: parametersOf(columns, rows),
  });
}
