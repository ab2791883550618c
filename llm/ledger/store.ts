import { createHmac } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import type { Call, Run } from "../call.js";
import type { PriceCall } from "../prices/types.js";
import { type Known, kindOf, sortNested } from "./nesting.js";
import { callSeries, dailyRows, dailyUserRows, type PricedCall, runSeries, usd } from "./series.js";

/** What came in one go. */
export interface Batch {
  calls: Call[];
  runs: Run[];
}

/** What became of it. Everything in a batch is in the database by then, now or from before. */
export interface Written {
  /** Calls that are billed now. */
  billed: PricedCall[];
  /** Calls that another span tells of, too. */
  nested: number;
  /** Calls and runs that were there before. */
  known: number;
  runs: number;
}

/** Turns calls into rows, each exactly once. */
export class Store {
  /** Months whose partitions are known to be there. */
  private readonly months = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly price: PriceCall,
    /** Key of the hash under which users are stored. */
    private readonly userKey: string,
  ) {}

  /** Writes a batch in one transaction, roll-ups and metrics included. Throws what the database says: nothing is written then. */
  async write({ calls, runs }: Batch): Promise<Written> {
    const client = await this.pool.connect();
    try {
      await client.query("BEGIN");
      const months = [...new Set([...calls, ...runs].map(({ month }) => month))].sort();
      const fresh = months.filter((month) => !this.months.has(month));
      for (const month of fresh) await client.query("SELECT llm_ensure_month($1)", [month]);
      const written = await this.writeWith(client, calls, runs);
      await client.query("COMMIT");
      for (const month of fresh) this.months.add(month);
      client.release();
      return written;
    } catch (error) {
      // A connection that is in an unknown state isn't used again; without it the transaction is undone.
      client.release(true);
      // Somebody may have dropped what was there.
      this.months.clear();
      throw error;
    }
  }

  private async writeWith(client: PoolClient, calls: Call[], runs: Run[]): Promise<Written> {
    const { billed: mine, nested } = sortNested(calls, await knownOf(client, calls));
    const hash = this.hasher();
    const priced = mine.map((call): PricedCall => ({ call, price: this.price(call, call.timestamp) }));
    const billed = await insertCalls(client, priced, hash);
    await insertNested(client, nested);
    await addCallSeries(client, billed);
    await addDaily(client, billed, hash);
    const newRuns = await insertRuns(client, runs, hash);
    await addRunSeries(client, newRuns);
    return {
      billed,
      nested: nested.length,
      known: calls.length - billed.length - nested.length + runs.length - newRuns.length,
      runs: newRuns.length,
    };
  }

  /** Hashes each user once. */
  private hasher(): (user: string | null) => string | null {
    const hashes = new Map<string, string>();
    return (user) => {
      if (user === null) return null;
      const found = hashes.get(user) ?? hashUser(this.userKey, user);
      hashes.set(user, found);
      return found;
    };
  }
}

/** How a user is stored: an HMAC (SHA-256, its first 128 bits) that only whoever has the key can make. */
export function hashUser(key: string, user: string): string {
  return createHmac("sha256", key).update(user).digest("hex").slice(0, 32);
}

/** What the ledger has of the traces of these calls, in their months and those beside: a trace may run over midnight. */
async function knownOf(client: PoolClient, calls: readonly Call[]): Promise<Known[]> {
  if (calls.length === 0) return [];
  const own = new Set(calls.map(({ month }) => month));
  const months = new Set([...own].flatMap((month) => [month, monthBeside(month, -1), monthBeside(month, 1)]));
  const { rows } = await client.query<Omit<Known, "kind"> & { kind: string }>({
    name: "known",
    text: `SELECT trace_id AS "traceId", span_id AS "spanId", parent_span_id AS "parentSpanId",
        CASE operation WHEN 'embeddings' THEN 'embedding' ELSE 'inference' END AS kind, 'billed' AS place
      FROM llm_usage WHERE trace_id = ANY($1::text[]) AND month = ANY($2::date[])
      UNION ALL
      SELECT trace_id, span_id, parent_span_id, kind, place FROM llm_nested WHERE trace_id = ANY($1::text[])`,
    values: [[...new Set(calls.map(({ traceId }) => traceId))], [...months]],
  });
  return rows;
}

function monthBeside(month: string, by: number): string {
  const first = new Date(`${month}T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return first.toISOString().slice(0, 10);
}

/** A column that is filled from calls: name, type, value. */
type Column<T> = readonly [name: string, type: string, value: (each: T) => unknown];

type Hash = (user: string | null) => string | null;

async function insertCalls(client: PoolClient, calls: PricedCall[], hash: Hash): Promise<PricedCall[]> {
  if (calls.length === 0) return [];
  const now = new Date().toISOString();
  const columns: Column<PricedCall>[] = [
    ["timestamp", "timestamptz", ({ call }) => call.timestamp.toISOString()],
    ["month", "date", ({ call }) => call.month],
    ["trace_id", "text", ({ call }) => call.traceId],
    ["span_id", "text", ({ call }) => call.spanId],
    ["parent_span_id", "text", ({ call }) => call.parentSpanId],
    ["request_id", "text", ({ call }) => call.requestId],
    ["user_id", "text", ({ call }) => hash(call.user)],
    ["team_id", "text", ({ call }) => call.team],
    ["feature", "text", ({ call }) => call.feature],
    ["environment", "text", ({ call }) => call.environment],
    ["service", "text", ({ call }) => call.service],
    ["agent", "text", ({ call }) => call.agent],
    ["provider", "text", ({ call }) => call.provider],
    ["model", "text", ({ call }) => call.requestModel],
    ["response_model", "text", ({ call }) => call.responseModel],
    ["operation", "text", ({ call }) => call.operation],
    ["service_tier", "text", ({ call }) => call.serviceTier],
    ["input_tokens", "bigint", ({ call }) => call.tokens.input],
    ["output_tokens", "bigint", ({ call }) => call.tokens.output],
    ["cached_tokens", "bigint", ({ call }) => call.tokens.cacheRead],
    ["cache_write_tokens", "bigint", ({ call }) => call.tokens.cacheWrite],
    ["reasoning_tokens", "bigint", ({ call }) => call.tokens.reasoning],
    ["total_tokens", "bigint", ({ call }) => call.totalTokens],
    ["cost_usd", "numeric", ({ price }) => price.costUsd],
    ["price_version", "text", ({ price }) => price.priceVersion],
    ["unpriced_reason", "text", ({ price }) => price.unpricedReason ?? null],
    ["reported_cost_usd", "numeric", ({ call }) => call.reportedCostUsd],
    ["prompt_name", "text", ({ call }) => call.promptName],
    ["prompt_version", "text", ({ call }) => call.promptVersion],
    ["finish_reason", "text", ({ call }) => call.finishReason],
    ["latency_seconds", "double precision", ({ call }) => call.latency],
    ["time_to_first_token_seconds", "double precision", ({ call }) => call.timeToFirstToken],
    ["status", "text", ({ call }) => call.status],
    ["error_type", "text", ({ call }) => call.errorType],
    ["provider_error", "text", ({ call }) => call.providerError],
    ["doubts", "text", ({ call }) => (call.doubts.length > 0 ? call.doubts.join(",") : null)],
    ["received_at", "timestamptz", () => now],
  ];
  return insertNew(client, "llm_usage", columns, calls, ({ call }) => call);
}

async function insertRuns(client: PoolClient, runs: Run[], hash: Hash): Promise<Run[]> {
  const unique = [...new Map(runs.map((run) => [`${run.traceId}/${run.spanId}`, run])).values()];
  if (unique.length === 0) return [];
  const columns: Column<Run>[] = [
    ["timestamp", "timestamptz", (run) => run.timestamp.toISOString()],
    ["month", "date", (run) => run.month],
    ["trace_id", "text", (run) => run.traceId],
    ["span_id", "text", (run) => run.spanId],
    ["kind", "text", (run) => run.kind],
    ["agent", "text", (run) => run.agent],
    ["tool", "text", (run) => run.tool],
    ["user_id", "text", (run) => hash(run.user)],
    ["team_id", "text", (run) => run.team],
    ["feature", "text", (run) => run.feature],
    ["environment", "text", (run) => run.environment],
    ["service", "text", (run) => run.service],
    ["latency_seconds", "double precision", (run) => run.latency],
    ["status", "text", (run) => run.status],
    ["error_type", "text", (run) => run.errorType],
  ];
  return insertNew(client, "llm_runs", columns, unique, (run) => run);
}

/** Inserts what isn't there, and returns that. */
async function insertNew<T>(
  client: PoolClient,
  table: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  step: (row: T) => { traceId: string; spanId: string },
): Promise<T[]> {
  const result = await client.query<{ trace_id: string; span_id: string }>({
    name: table,
    text: `INSERT INTO ${table} (${columns.map(([name]) => `"${name}"`).join(", ")})
      SELECT * FROM unnest(${columns.map(([, type], at) => `$${at + 1}::${type}[]`).join(", ")})
      ON CONFLICT DO NOTHING RETURNING trace_id, span_id`,
    values: columns.map(([, , value]) => rows.map(value)),
  });
  if (result.rows.length === rows.length) return [...rows];
  const inserted = new Set(result.rows.map((row) => `${row.trace_id}/${row.span_id}`));
  return rows.filter((row) => inserted.has(`${step(row).traceId}/${step(row).spanId}`));
}

async function insertNested(
  client: PoolClient,
  nested: readonly { call: Call; place: "outer" | "inner" }[],
): Promise<void> {
  if (nested.length === 0) return;
  await client.query({
    name: "nested",
    text: `INSERT INTO llm_nested (trace_id, span_id, parent_span_id, kind, place, month)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[])
      ON CONFLICT DO NOTHING`,
    values: [
      nested.map(({ call }) => call.traceId),
      nested.map(({ call }) => call.spanId),
      nested.map(({ call }) => call.parentSpanId),
      nested.map(({ call }) => kindOf(call)),
      nested.map(({ place }) => place),
      nested.map(({ call }) => call.month),
    ],
  });
}

async function addCallSeries(client: PoolClient, calls: readonly PricedCall[]): Promise<void> {
  const series = callSeries(calls);
  if (series.length === 0) return;
  await client.query({
    name: "call-series",
    text: `INSERT INTO llm_call_series AS kept
      SELECT model, provider, feature, team, agent, operation, status, error_type, calls, cost, duration, first_token,
        counts::bigint[], now()
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::bigint[], $10::numeric[], $11::double precision[], $12::double precision[], $13::text[])
        AS t (model, provider, feature, team, agent, operation, status, error_type, calls, cost, duration, first_token, counts)
      ON CONFLICT (model, provider, feature, team, agent, operation, status, error_type) DO UPDATE SET
        calls = kept.calls + excluded.calls,
        cost_usd = kept.cost_usd + excluded.cost_usd,
        duration_seconds = kept.duration_seconds + excluded.duration_seconds,
        first_token_seconds = kept.first_token_seconds + excluded.first_token_seconds,
        counts = llm_add(kept.counts, excluded.counts)`,
    values: [
      ...transposed(series.map(({ labels }) => labels)),
      series.map(({ calls: count }) => count),
      series.map(({ cost }) => usd(cost)),
      series.map(({ durationSeconds }) => durationSeconds),
      series.map(({ firstTokenSeconds }) => firstTokenSeconds),
      // A list of lists would have to be rectangular in SQL: each goes as text.
      series.map(({ counts }) => `{${counts.join(",")}}`),
    ],
  });
}

async function addRunSeries(client: PoolClient, runs: readonly Run[]): Promise<void> {
  const series = runSeries(runs);
  if (series.length === 0) return;
  await client.query({
    name: "run-series",
    text: `INSERT INTO llm_run_series AS kept
      SELECT kind, agent, tool, feature, team, status, error_type, runs, duration, counts::bigint[], now()
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::bigint[], $9::double precision[], $10::text[])
        AS t (kind, agent, tool, feature, team, status, error_type, runs, duration, counts)
      ON CONFLICT (kind, agent, tool, feature, team, status, error_type) DO UPDATE SET
        runs = kept.runs + excluded.runs,
        duration_seconds = kept.duration_seconds + excluded.duration_seconds,
        counts = llm_add(kept.counts, excluded.counts)`,
    values: [
      ...transposed(series.map(({ labels }) => labels)),
      series.map(({ runs: count }) => count),
      series.map(({ durationSeconds }) => durationSeconds),
      series.map(({ counts }) => `{${counts.join(",")}}`),
    ],
  });
}

const dailyKey = ["day", "environment", "service", "team_id", "feature", "provider", "model", "operation"];
const dailyCounts = [
  "calls",
  "errors",
  "unpriced_calls",
  "input_tokens",
  "output_tokens",
  "cached_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "total_tokens",
];
const userKey = ["day", "user_id", "team_id", "feature"];
const userCounts = ["calls", "errors", "unpriced_calls", "total_tokens"];

async function addDaily(client: PoolClient, calls: readonly PricedCall[], hash: Hash): Promise<void> {
  if (calls.length === 0) return;
  await add("llm_usage_daily", dailyKey, dailyCounts, dailyRows(calls));
  await add("llm_usage_daily_users", userKey, userCounts, dailyUserRows(calls, hash));

  async function add(
    table: string,
    key: readonly string[],
    counts: readonly string[],
    rows: ReturnType<typeof dailyRows>,
  ): Promise<void> {
    const columns = [...key, ...counts, "cost_usd"];
    const types = [
      ...key.map((name) => (name === "day" ? "date" : "text")),
      ...counts.map(() => "bigint"),
      "numeric",
    ];
    await client.query({
      name: table,
      text: `INSERT INTO ${table} AS kept (${columns.join(", ")})
        SELECT * FROM unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(", ")})
        ON CONFLICT (${key.join(", ")}) DO UPDATE SET
          ${[...counts, "cost_usd"].map((name) => `${name} = kept.${name} + excluded.${name}`).join(", ")}`,
      values: [
        ...transposed(rows.map((row) => row.key)),
        ...transposed(rows.map((row) => row.counts)),
        rows.map(({ cost }) => usd(cost)),
      ],
    });
  }
}

/** Rows as columns. */
function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}
